"""The real offers of November 2020, completed from the real tables, where these lie at hand."""

import gzip
import json
import os
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from contracts.formation import Formation
from services.collect.domain.normalisation import normaliser
from services.enrich.adapters.fichiers import lire_dossier
from services.enrich.domain.enrichissement import Enrichisseur
from services.enrich.domain.references.construction import construire

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(180)]

JOUR = date(2020, 11, 16)

ATTENDUS = {
    ("commune_ancienne", "code_commune_insee"): 35,
    ("commune_inconnue", "code_commune_insee"): 23,
    ("coordonnees_tres_eloignees", "lieu_formation_geo_coordonnees"): 123,
    ("coordonnees_eloignees", "lieu_formation_geo_coordonnees"): 24,
    ("rncp_inconnu", "rncp_code"): 35,
    ("siret_formateur_inconnu", "etablissement_formateur_siret"): 7_798,
    ("etablissement_ferme", "etablissement_formateur_siret"): 361,
}
"""The counts that were made on the same files independently of this code (refdata.md §6)."""


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


def test_the_faults_counted_in_the_deliveries_are_found(
    refdata: Path, enrichisseur: Enrichisseur
) -> None:
    trouves: Counter[tuple[str, str | None]] = Counter()
    with gzip.open(refdata / "offres" / "rco_formations_2020-11-16.ndjson.gz") as lignes:
        for ligne in lignes:
            _, constats = enrichisseur.enrichir(normaliser(json.loads(ligne)).offre)
            trouves.update({(constat["code"], constat.get("champ")) for constat in constats})

    assert {cle: trouves[cle] for cle in ATTENDUS} == ATTENDUS


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
