"""What an offer itself proposes for its faulty SIRETs and UAIs: its clé, its other organism.

A proposal is for a person to accept; nothing here changes the offer.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from contracts.evenements import Confiance
from contracts.identifiants import cle as cles
from contracts.identifiants import code_postal, insee, siret, uai
from contracts.identifiants.textes import compact
from services.collect.domain.constat import Constat, proposer
from services.collect.domain.lecture_champs import Offre

_ROLES: Final = ("gestionnaire", "formateur")
_SIRET: Final = "etablissement_{}_siret"
_UAIS: Final = (
    "uai_formation",
    "etablissement_lieu_formation_uai",
    "etablissement_gestionnaire_uai",
    "etablissement_formateur_uai",
)
_LONGUEUR_SIREN: Final = 9
_ECHANGE: Final = 2


class Proposee(NamedTuple):
    """A value to propose, why, and how sure it is."""

    valeur: str
    raison: str
    confiance: Confiance


def completer(offre: Offre, constats: list[Constat]) -> None:
    """Add to findings on identifiers the proposals that the rest of the offer gives."""
    for fait in constats:
        proposant = _PROPOSANTS.get(fait["code"])
        if proposant is None or "proposition" in fait:
            continue
        champ = fait["champ"]
        proposee = proposant(champ, fait.get("valeur", ""), offre)
        if proposee is not None:
            proposer(fait, *proposee, correction={champ: proposee.valeur})


def _siret(champ: str, valeur: str, offre: Offre) -> Proposee | None:
    """Propose the SIRET of the clé, the same one without its slip, or one of the same company."""
    du_cle = _siret_de_la_cle(champ, offre)
    if du_cle is not None and du_cle != valeur:
        return Proposee(
            du_cle, "La clé ministère éducatif de l'offre porte ce SIRET.", Confiance.MOYENNE
        )
    lettres = siret.lire(valeur).propose
    if lettres is not None:
        raison = "Des lettres (O, I, L) y tiennent la place de chiffres (0, 1)."
        return Proposee(lettres, raison, Confiance.MOYENNE)
    chiffres = compact(valeur)
    tapes = {chiffres, chiffres.removeprefix("0")}  # a digit lost elsewhere was taken for a zero
    for autre in _autres_sirets(champ, offre):
        if any(_a_une_faute_pres(tape, autre) for tape in tapes):
            raison = "L'offre donne aussi ce SIRET, à un caractère près."
            return Proposee(autre, raison, Confiance.MOYENNE)
    for autre in _autres_sirets(champ, offre):
        if len(chiffres) >= _LONGUEUR_SIREN and autre.startswith(chiffres[:_LONGUEUR_SIREN]):
            raison = "L'offre donne cet établissement de la même entreprise."
            return Proposee(autre, raison, Confiance.FAIBLE)
    return None


def _siret_de_la_cle(champ: str, offre: Offre) -> str | None:
    lue = cles.lire(offre.get("cle_ministere_educatif"))
    if lue is None:
        return None
    porte = {
        _SIRET.format("gestionnaire"): lue.siret_gestionnaire,
        _SIRET.format("formateur"): lue.siret_formateur,
    }.get(champ)
    return porte if siret.est_valide(porte) else None


def _autres_sirets(champ: str, offre: Offre) -> Iterator[str]:
    for autre in (*map(_SIRET.format, _ROLES), "etablissement_lieu_formation_siret"):
        valeur = offre.get(autre)
        if autre != champ and siret.est_valide(valeur):
            yield str(valeur)


def _a_une_faute_pres(tape: str, juste: str) -> bool:
    """Tell whether one character replaced, added, left out or exchanged makes the other text."""
    if tape == juste:
        return False
    if len(tape) == len(juste):
        ecarts = [n for n, (a, b) in enumerate(zip(tape, juste, strict=True)) if a != b]
        premier, dernier = ecarts[0], ecarts[-1] + 1
        echanges = dernier - premier <= _ECHANGE and tape[premier:dernier] == "".join(
            reversed(juste[premier:dernier])
        )
        return len(ecarts) == 1 or echanges
    court, long = sorted((tape, juste), key=len)
    if len(long) != len(court) + 1:
        return False
    return any(long[:n] + long[n + 1 :] == court for n in range(len(long)))


def _uai(champ: str, valeur: str, offre: Offre) -> Proposee:
    """Propose the letter that the digits call for; surer when the offer vouches for the digits."""
    juste = valeur[:7] + uai.lettre(valeur[:7])
    if any(offre.get(autre) == juste for autre in _UAIS if autre != champ):
        raison = "L'offre donne aussi cet UAI pour un autre de ses établissements."
        return Proposee(juste, raison, Confiance.MOYENNE)
    if uai.departement(juste) in _departements(offre):
        raison = "C'est la lettre que demandent ces 7 chiffres, dont le département est le bon."
        return Proposee(juste, raison, Confiance.MOYENNE)
    raison = "C'est la lettre que demandent ces 7 chiffres, si eux sont justes."
    return Proposee(juste, raison, Confiance.FAIBLE)


def _departements(offre: Offre) -> set[str | None]:
    debuts = ("", *(f"etablissement_{role}_" for role in _ROLES))
    communes = {insee.departement(offre.get(f"{debut}code_commune_insee")) for debut in debuts}
    postaux = {code_postal.departement(offre.get(f"{debut}code_postal")) for debut in debuts}
    return (communes | postaux) - {None}


_PROPOSANTS: Final[Mapping[str, Callable[[str, str, Offre], Proposee | None]]] = {
    **dict.fromkeys(
        (
            "siret_cle_fausse",
            "siret_siren_faux",
            "siret_siren_complete",
            "siret_siren_seul",
            "siret_fictif",
            "siret_lieu_siren_seul",
            "siret_lieu_mal_forme",
            *(f"siret_{role}_{faute}" for role in _ROLES for faute in ("mal_forme", "manquant")),
        ),
        _siret,
    ),
    "uai_lettre_fausse": _uai,
}
