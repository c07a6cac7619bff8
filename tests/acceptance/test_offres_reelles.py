"""The real offers of November 2020, completed from the real tables, where these lie at hand."""

import gzip
import json
import os
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from contracts.formation import Formation
from services.collect.domain.controles import controler
from services.collect.domain.identite import RCO, aliases
from services.collect.domain.normalisation import normaliser
from services.enrich.adapters.fichiers import lire_dossier
from services.enrich.domain.enrichissement import Enrichisseur
from services.enrich.domain.qualite.completude import manquants
from services.enrich.domain.references.construction import construire

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(180)]

JOUR = date(2020, 11, 16)


_TRIPLET: Final = ("id_formation", "id_action", "id_certifinfo")


@dataclass(frozen=True)
class Lue:
    """An offer as collected, and what is found of it: pairs of a code and its field."""

    offre: Mapping[str, Any]
    constats: frozenset[tuple[str, str | None]]

    def a(self, code: str, champ: str | None = None) -> bool:
        """Tell whether a finding was made, on a field or on any."""
        return any(code == c and champ in (None, ch) for c, ch in self.constats)

    def valeurs(self, code: str) -> int:
        """Return on how many values a finding was made."""
        return sum(code == c for c, _ in self.constats)


def _ecrite_en_corse(lue: Lue) -> bool:
    """Tell whether a post code of Corse, 20xxx, was counted as another département's.

    Its INSEE codes begin with 2A or 2B: the count compared the first two characters.
    """
    return str(lue.offre.get("code_postal")).startswith("20") and lue.a("code_postal_cedex")


def _cp_autre(lue: Lue) -> bool:
    autre = ("code_postal_cedex", "code_postal_autre_commune", "insee_en_code_postal")
    return (
        any(lue.a(code, "code_postal") for code in autre)
        and not _ecrite_en_corse(lue)
        and not lue.a("commune_ancienne")  # the count knew current codes only
    )


def _uai_differe(role: str) -> Callable[[Lue], bool]:
    """Tell whether the UAI is not that of the list of 2022, which the count took as it was.

    We set apart what is no UAI at all, and what another table confirms.
    """
    champ = f"etablissement_{role}_uai"
    codes = ("uai_different", "uai_sources_divergentes", "uai_mal_forme")
    return lambda lue: any(lue.a(code, champ) for code in codes)


GENRES: Final[Mapping[str, tuple[int, Callable[[Lue], int]]]] = {
    "code postal d'une autre commune, ou CEDEX": (7_901, _cp_autre),
    "code postal d'un autre département": (
        77,
        lambda lue: lue.a("code_postal_autre_departement") or _ecrite_en_corse(lue),
    ),
    "plusieurs actions jointes": (6_431, lambda lue: lue.a("actions_multiples")),
    "sans RNCP": (2_208, lambda lue: "rncp_code" not in lue.offre),
    "sans RNCP, dit": (
        2_208,
        lambda lue: any(
            lue.a(code)
            for code in (
                "rncp_absent",
                "rncp_deduit",
                "rncp_plusieurs_fiches",
                "rncp_aucune_active",
            )
        ),
    ),
    "sans CFD": (1_279, lambda lue: lue.a("cfd_absent") or lue.a("cfd_deduit")),
    "CFD déjà fermé": (
        558,  # not counted: four more that we deduce from the fiche
        lambda lue: "cfd" in lue.offre and (lue.a("cfd_ferme") or lue.a("cfd_remplace")),
    ),
    "UAI du formateur autre que celui de 2022": (1_757, _uai_differe("formateur")),
    "UAI du gestionnaire autre que celui de 2022": (2_112, _uai_differe("gestionnaire")),
    "lettre d'UAI fausse, valeurs": (975, lambda lue: lue.valeurs("uai_lettre_fausse")),
    "lettre d'UAI fausse, offres": (516, lambda lue: lue.a("uai_lettre_fausse")),
    "UAI mal formé, valeurs": (22, lambda lue: lue.valeurs("uai_mal_forme")),
    "UAI mal formé, offres": (11, lambda lue: lue.a("uai_mal_forme")),
    "formateur fermé": (
        361,
        lambda lue: lue.a("etablissement_ferme", "etablissement_formateur_siret"),
    ),
    "un établissement fermé": (424, lambda lue: lue.a("etablissement_ferme")),
    "formateur hors de la liste de 2022": (7_798, lambda lue: lue.a("siret_formateur_inconnu")),
    "plus de 24 mois d'entrée": (162, lambda lue: lue.a("plus_de_24_mois")),
    "position à plus de 60 km": (123, lambda lue: lue.a("coordonnees_tres_eloignees")),
    "position de 20 à 60 km": (24, lambda lue: lue.a("coordonnees_eloignees")),
    "RNCP inconnu": (35, lambda lue: lue.a("rncp_inconnu")),
    "INSEE ancien": (35, lambda lue: lue.a("commune_ancienne", "code_commune_insee")),
    "INSEE inconnu": (23, lambda lue: lue.a("commune_inconnue", "code_commune_insee")),
    "SIRET invalide": (
        12,
        lambda lue: lue.a("siret_siren_complete") or lue.a("siret_fictif"),
    ),
}
"""The nineteen kinds of refdata.md §6 with their counts, made independently of this code, and how
our findings make the same count (docs/constats-offres-2020.md)."""


@pytest.fixture(scope="module")
def refdata() -> Path:
    dossier = os.environ.get("CATALOGUE_REFDATA")
    if not dossier:
        pytest.skip("CATALOGUE_REFDATA ne désigne aucun dossier de référentiels")
    return Path(dossier)


@pytest.fixture(scope="module")
def enrichisseur(refdata: Path) -> Enrichisseur:
    tables = {table.bilan.table: table.lignes for table in lire_dossier(refdata)}
    return Enrichisseur(construire("reelles", tables), JOUR)


@pytest.fixture(scope="module")
def brutes(refdata: Path) -> list[dict[str, Any]]:
    with gzip.open(refdata / "offres" / "rco_formations_2020-11-16.ndjson.gz") as lignes:
        return [json.loads(ligne) for ligne in lignes]


@pytest.fixture(scope="module")
def lues(brutes: list[dict[str, Any]], enrichisseur: Enrichisseur) -> list[Lue]:
    def lire(brute: dict[str, Any]) -> Lue:
        lue = normaliser(brute)
        constats = [*controler(lue.offre, lue.constats), *enrichisseur.enrichir(lue.offre)[1]]
        return Lue(lue.offre, frozenset((dit["code"], dit.get("champ")) for dit in constats))

    return [lire(brute) for brute in brutes]


@pytest.mark.parametrize("genre", GENRES)
def test_each_kind_of_fault_is_found_as_often_as_it_was_counted(
    genre: str, lues: list[Lue]
) -> None:
    attendu, compter = GENRES[genre]

    assert sum(map(compter, lues)) == attendu


def test_a_key_delivered_twice_is_recognised(brutes: list[dict[str, Any]]) -> None:
    ecrites = Counter(tuple(str(brute.get(champ)) for champ in _TRIPLET) for brute in brutes)
    noms = Counter(
        nom
        for brute in brutes
        for nom in aliases(normaliser(brute).offre, "rco", "")
        if nom.startswith(RCO)
    )

    assert _doubles(ecrites) == (122, 244)
    # Three more hold the same actions in another order, which is the same offer.
    assert _doubles(noms) == (125, 250)


def _doubles(comptes: Counter[Any]) -> tuple[int, int]:
    fois = [nombre for nombre in comptes.values() if nombre > 1]
    return len(fois), sum(fois)


def test_enrichment_only_ever_completes(lues: list[Lue], enrichisseur: Enrichisseur) -> None:
    for lue in lues[::20]:
        if lue.a("insee_en_code_postal"):  # what was there is no post code
            continue
        formation = enrichisseur.enrichir(lue.offre)[0]
        avant, apres = manquants(lue.offre), manquants(formation)
        assert {element.code for element in apres} <= {element.code for element in avant}


def test_offers_that_resolve_in_all_tables_are_complete(
    refdata: Path, enrichisseur: Enrichisseur
) -> None:
    texte = (refdata / "offres" / "offres_coherentes.json").read_text(encoding="utf-8")
    formations = [enrichisseur.enrichir(normaliser(brut).offre)[0] for brut in json.loads(texte)]

    for champ in ("intitule_long", "rncp_intitule", "num_academie", "region", "latitude"):
        assert [f["id_action"] for f in formations if f[champ] is None] == []
    assert all(formation["etablissement_formateur_connu"] for formation in formations)
    for formation in formations:
        Formation.model_validate(formation, strict=True)
