"""What the tables know of the UAI of an establishment, held against the declared one.

Two sources: the national list of training establishments, dated, and the UAI–SIRET table. They do
not always agree, and one SIRET may well teach under several UAI (domain.md §1.2): a known UAI is
proposed, never imposed.
"""

from typing import Final, NamedTuple

from contracts.evenements import Confiance
from contracts.identifiants import uai as uai_
from services.enrich.domain.references.tables import References

_RESSEMBLANT: Final = 2
"""Most real mistakes are one digit wrong, or a zero lost and another digit typed twice."""


class Connus(NamedTuple):
    """The UAI of a SIRET by each source; `liste_le` is the day of the national list."""

    liste: str | None
    correspondance: str | None
    liste_le: str | None

    @property
    def retenu(self) -> str | None:
        """Return the one that completes an offer: the list's first."""
        return self.liste or self.correspondance


class Proposition(NamedTuple):
    """An UAI to propose, why, and how sure that is."""

    uai: str
    raison: str
    confiance: Confiance


def connus(siret: str | None, references: References) -> Connus:
    """Return what is known of a SIRET."""
    etablissement = references.etablissements.get(siret or "")
    return Connus(
        etablissement.uai if etablissement else None,
        references.uai_par_siret.get(siret or ""),
        etablissement.source_le if etablissement else None,
    )


def proposer(declare: str, connu: Connus) -> Proposition | None:
    """Return the known UAI to propose in the place of a declared one.

    Sure when it nearly is the declared one; of two sources that disagree, the one that resembles
    it, else the list.
    """
    candidats = [uai for uai in (connu.liste, connu.correspondance) if uai and uai != declare]
    if not candidats:
        return None
    ecart, uai = min(((_ecart(declare, uai), uai) for uai in candidats), key=lambda pair: pair[0])
    source = _source(uai, connu)
    if ecart <= _RESSEMBLANT:
        raison = f"C'est l'UAI connu pour ce SIRET ({source}), à {_caracteres(ecart)} près."
        return Proposition(uai, raison, Confiance.HAUTE)
    if len(set(candidats)) > 1:
        raison = (
            f"La liste des établissements connaît {connu.liste} pour ce SIRET, la table UAI – "
            f"SIRET {connu.correspondance}."
        )
        return Proposition(candidats[0], raison, Confiance.FAIBLE)
    raison = f"C'est l'UAI connu pour ce SIRET ({source})."
    return Proposition(uai, raison, Confiance.MOYENNE)


def corriger_la_lettre(declare: str, connu: Connus) -> Proposition:
    """Return what to propose for an UAI whose letter is not that of its digits.

    One of the eight characters is wrong, and it is seldom the letter: the known UAI is proposed
    first, and the other reading said.
    """
    lettre = declare[:7] + uai_.lettre(declare[:7])
    proposition = proposer(declare, connu)
    if proposition is None:
        raison = "C'est la lettre que demandent ces 7 chiffres, s'ils sont justes."
        return Proposition(lettre, raison, Confiance.FAIBLE)
    if proposition.uai == lettre:
        raison = f"{proposition.raison} C'est aussi la lettre que demandent ces 7 chiffres."
        return Proposition(lettre, raison, Confiance.HAUTE)
    raison = f"{proposition.raison} Si les 7 chiffres déclarés sont justes, c'est {lettre}."
    return proposition._replace(raison=raison)


def contredire(connu: Connus) -> str:
    """Return, in French, that the list knows another UAI than the one which the table confirms."""
    return f"La liste des établissements du {_en_clair(connu.liste_le or '')} dit {connu.liste}."


def _source(uai: str, connu: Connus) -> str:
    if uai == connu.liste:
        return f"liste des établissements du {_en_clair(connu.liste_le or '')}"
    return "table UAI – SIRET"


def _en_clair(jour: str) -> str:
    return "/".join(reversed(jour.split("-")))


def _caracteres(nombre: int) -> str:
    return "un caractère" if nombre == 1 else f"{nombre} caractères"


def _ecart(a: str, b: str) -> int:
    """Return how many characters must be inserted, removed or replaced to go from a to b."""
    precedente = list(range(len(b) + 1))
    for i, lettre_a in enumerate(a, start=1):
        ligne = [i]
        for j, lettre_b in enumerate(b, start=1):
            remplacer = precedente[j - 1] + (lettre_a != lettre_b)
            ligne.append(min(precedente[j] + 1, ligne[j - 1] + 1, remplacer))
        precedente = ligne
    return precedente[-1]
