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


_SOSIES: Final = str.maketrans("OQILZSB", "0011258")


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
    """Return the UAI to propose in the place of a declared one.

    One that cannot be right is a slip: what was meant is the known UAI that nearly is the same, or
    what its look-alike letters stand for. One that can be right is another establishment's: the
    known UAI is only proposed, the list's before the table's.
    """
    candidats = [uai for uai in (connu.liste, connu.correspondance) if uai and uai != declare]
    if not uai_.est_valide(declare) and (meprise := _meprise(declare, candidats, connu)):
        return meprise
    if not candidats:
        return None
    if len(set(candidats)) > 1:
        raison = (
            f"La liste des établissements connaît {connu.liste} pour ce SIRET, la table UAI – "
            f"SIRET {connu.correspondance}."
        )
        return Proposition(candidats[0], raison, Confiance.FAIBLE)
    raison = f"C'est l'UAI connu pour ce SIRET ({_source(candidats[0], connu)})."
    return Proposition(candidats[0], raison, Confiance.MOYENNE)


def _meprise(declare: str, candidats: list[str], connu: Connus) -> Proposition | None:
    ecart, uai = min(((_ecart(declare, uai), uai) for uai in candidats), default=(99, ""))
    if ecart <= _RESSEMBLANT:
        raison = (
            f"C'est l'UAI connu pour ce SIRET ({_source(uai, connu)}), à {_caracteres(ecart)} près."
        )
        return Proposition(uai, raison, Confiance.HAUTE)
    relu = declare[:7].upper().translate(_SOSIES) + declare[7:].upper()
    if relu != declare.upper() and uai_.est_valide(relu):
        raison = "Une lettre y a pris la place d'un chiffre ; la lettre de contrôle le confirme."
        return Proposition(relu, raison, Confiance.HAUTE)
    return None


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
    return f"La liste des établissements du {en_clair(connu.liste_le or '')} dit {connu.liste}."


def _source(uai: str, connu: Connus) -> str:
    if uai == connu.liste:
        return f"liste des établissements du {en_clair(connu.liste_le or '')}"
    return "table UAI – SIRET"


def en_clair(jour: str) -> str:
    """Return a civil date as it is written in French."""
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
