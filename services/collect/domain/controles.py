"""What an offer says by itself, without any reference table (design.md §4).

Readings have judged each value; here are the facts that must be there and those that must agree.
"""

from typing import Final

from contracts.evenements import Confiance
from contracts.identifiants import cle as cles
from services.collect.domain.constat import Constat, constat
from services.collect.domain.controles_sessions import controler_sessions
from services.collect.domain.lecture_champs import Offre
from services.collect.domain.propositions import completer

_ILLISIBLES: Final = {
    "duree": frozenset({"duree_illisible", "duree_probablement_en_mois"}),
    "annee": frozenset({"annee_illisible"}),
}
_LA_CLE_OU_LE_CHAMP: Final = "L'un des deux est faux : la clé est faite de ces valeurs."


def controler(offre: Offre, lecture: list[Constat]) -> list[Constat]:
    """Return all findings on a normalised offer: those of its reading, then those of its whole."""
    constats = list(lecture)
    lus = {dit["code"] for dit in lecture}
    for role in ("gestionnaire", "formateur"):
        champ = f"etablissement_{role}_siret"
        if champ not in offre and all(dit.get("champ") != champ for dit in lecture):
            constats.append(constat(f"siret_{role}_manquant", champ))
    if "code_commune_insee" not in offre and "code_postal" not in offre:
        constats.append(constat("lieu_absent", "code_commune_insee"))
    if "cfd" not in offre and "rncp_code" not in offre:
        constats.append(constat("certification_absente", "cfd"))
    if constats:
        completer(offre, constats)
    _cle(offre, lus, constats)
    _modalites(offre, lus, constats)
    controler_sessions(offre, lus, constats)
    return constats


def _cle(offre: Offre, lus: set[str], constats: list[Constat]) -> None:
    lue = cles.lire(offre.get("cle_ministere_educatif"))
    if lue is None:
        if "cle_mal_formee" not in lus:
            constats.append(constat("cle_absente", "cle_ministere_educatif"))
        return
    dits = (
        ("etablissement_gestionnaire_siret", lue.siret_gestionnaire),
        ("etablissement_formateur_siret", lue.siret_formateur),
        ("code_commune_insee", None if lue.a_distance else lue.code_commune_insee),
        ("duree", None if lue.duree == cles.NON_COLLECTE else lue.duree),
        ("annee", None if lue.annee == cles.NON_COLLECTE else lue.annee),
    )
    for champ, dit in dits:
        declare = offre.get(champ)
        if dit is not None and declare not in (None, cles.NON_COLLECTE, dit):
            constats.append(
                constat(
                    "cle_incoherente",
                    champ,
                    declare,
                    dit,
                    raison=_LA_CLE_OU_LE_CHAMP,
                    confiance=Confiance.FAIBLE,
                    correction={champ: dit},
                )
            )


def _modalites(offre: Offre, lus: set[str], constats: list[Constat]) -> None:
    for champ in _ILLISIBLES:
        inconnue = offre.get(champ, cles.NON_COLLECTE) == cles.NON_COLLECTE
        if inconnue and lus.isdisjoint(_ILLISIBLES[champ]):
            constats.append(constat(f"{champ}_non_collectee", champ))
