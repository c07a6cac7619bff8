"""What an offer says by itself, without any reference table (design.md §4).

Readings have judged each value; here are the facts that must be there and those that must agree.
"""

from itertools import pairwise
from typing import Final

from contracts.identifiants import cle as cles
from services.collect.domain.constat import Constat, constat
from services.collect.domain.lecture_champs import Offre

_MOIS_MAX: Final = 24
_PARALLELES: Final = (
    "date_debut",
    "date_fin",
    "modalites_entrees_sorties",
    "effectif_minimal",
    "capacite_simultanee",
    "capacite_cumulee",
)


def controler(offre: Offre, lecture: list[Constat]) -> list[Constat]:
    """Return all findings on a normalised offer: those of its reading, then those of its whole."""
    constats = list(lecture)
    lus = {dit["code"] for dit in lecture}
    for role in ("gestionnaire", "formateur"):
        champ = f"etablissement_{role}_siret"
        if champ not in offre and f"siret_{role}_mal_forme" not in lus:
            constats.append(constat(f"siret_{role}_manquant", champ))
    if "code_commune_insee" not in offre and "code_postal" not in offre:
        constats.append(constat("lieu_absent", "code_commune_insee"))
    if "cfd" not in offre and "rncp_code" not in offre:
        constats.append(constat("certification_absente", "cfd"))
    _cle(offre, lus, constats)
    _modalites(offre, lus, constats)
    _sessions(offre, lus, constats)
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
            constats.append(constat("cle_incoherente", champ, dit, declare))


def _modalites(offre: Offre, lus: set[str], constats: list[Constat]) -> None:
    for champ in ("duree", "annee"):
        inconnue = offre.get(champ, cles.NON_COLLECTE) == cles.NON_COLLECTE
        if inconnue and f"{champ}_illisible" not in lus:
            constats.append(constat(f"{champ}_non_collectee", champ))


def _sessions(offre: Offre, lus: set[str], constats: list[Constat]) -> None:
    debuts, fins = offre.get("date_debut"), offre.get("date_fin")
    if not debuts and "date_illisible" not in lus:
        constats.append(constat("dates_absentes", "date_debut"))
    longueurs = {champ: len(offre[champ]) for champ in _PARALLELES if champ in offre}
    if any(une != autre for une, autre in pairwise(longueurs.values())):
        dites = ", ".join(f"{champ} : {n}" for champ, n in longueurs.items())
        constats.append(constat("listes_inegales", "date_debut", dites))
    elif debuts and fins:
        renversees = [f"{d} – {f}" for d, f in zip(debuts, fins, strict=True) if f < d]
        if renversees:
            constats.append(constat("date_fin_avant_debut", "date_fin", renversees[0]))
    mois = len(offre.get("periode", ()))
    if mois > _MOIS_MAX:
        constats.append(constat("plus_de_24_mois", "periode", f"{mois} mois"))
