"""Tables renewed from those of another version: the same as built anew, and shared where equal."""

from dataclasses import fields
from typing import Any

import pytest

from services.enrich.domain.chargement import TABLES
from services.enrich.domain.references.construction import a_lire, construire, renouveler
from services.enrich.domain.references.tables import References

AVANT: dict[str, list[list[Any]]] = {
    "cfd": [["50022137", "500", None, None, None, "CUISINE", None, []]],
    "niveaux": [["500", "CAP"]],
    "mef": [["2412213711", "50022137", "1", "1", None, None]],
    "kit_apprentissage": [["50022137", "RNCP1"]],
    "rome": [["G1602", "Personnel de cuisine"]],
    "communes": [["06088", "Nice", "06", ["06000"], None, None]],
    "communes_anciennes": [["06999", "06088", None, "Ancienne"]],
    "codes_postaux": [["06100", "06088"]],
    "departements": [["06", "Alpes-Maritimes", "93", "23"]],
    "regions": [["93", "Provence-Alpes-Côte d'Azur"]],
    "academies": [["23", "Nice"]],
    "etablissements": [
        ["12345678200010", None, "A", None, None, None, None, None, None, None, False, None, ""]
    ],
    "qualiopi": [["123456782", None, True]],
    "uai_siret": [["12345678200010", "0061234A"]],
    "mefs_parcoursup": [["2412213711"]],
    "certificateurs": [["RNCP1", "Ministère", None]],
    "onisep": [["50022137", "https://exemple.fr/1"]],
}
APRES: dict[str, list[list[Any]]] = {
    "cfd": [["50022138", "500", None, None, None, "SERVICE", None, []]],
    "niveaux": [["500", "Certificat"]],
    "mef": [["2412213712", "50022137", "1", "1", None, None]],
    "kit_apprentissage": [["50022137", "RNCP2"]],
    "rome": [["G1602", "Cuisinier"]],
    "communes": [["06088", "Nice", "06", ["06200"], None, None]],
    "communes_anciennes": [["06998", "06088", None, "Autre"]],
    "codes_postaux": [["06300", "06088"]],
    "departements": [["06", "Alpes", "93", "23"]],
    "regions": [["93", "PACA"]],
    "academies": [["23", "Nice et Corse"]],
    "etablissements": [],
    "qualiopi": [["123456782", None, False]],
    "uai_siret": [],
    "mefs_parcoursup": [],
    "certificateurs": [],
    "onisep": [],
}


def _egales(une: References, autre: References) -> bool:
    return all(getattr(une, champ.name) == getattr(autre, champ.name) for champ in fields(une))


@pytest.mark.parametrize("table", sorted(AVANT))
def test_tables_renewed_are_those_that_would_be_built(table: str) -> None:
    tables = {**AVANT, table: APRES[table]}

    lues = {nom: tables[nom] for nom in a_lire({table}) if nom in tables}
    renouvelees = renouveler(construire("v1", AVANT), "v2", lues, {table})

    assert _egales(renouvelees, construire("v2", tables))


@pytest.mark.parametrize("table", sorted(AVANT))
def test_a_table_that_goes_leaves_what_its_absence_means(table: str) -> None:
    tables = {nom: lignes for nom, lignes in AVANT.items() if nom != table}

    lues = {nom: tables[nom] for nom in a_lire({table}) if nom in tables}
    renouvelees = renouveler(construire("v1", AVANT), "v2", lues, {table})

    assert _egales(renouvelees, construire("v2", tables))


def test_what_rests_on_no_changed_table_is_the_same_object() -> None:
    avant = construire("v1", AVANT)

    apres = renouveler(avant, "v2", {"cfd": APRES["cfd"]}, {"cfd"})

    partagees = {
        champ.name
        for champ in fields(avant)
        if getattr(apres, champ.name) is getattr(avant, champ.name)
    }
    assert partagees == {champ.name for champ in fields(avant)} - {"cfds", "version"}


def test_every_table_that_the_rules_read_is_renewed() -> None:
    noms = {table.nom for table in TABLES}

    assert noms - a_lire(noms) == {"appellations", "dispositifs"}  # kept, and read by no rule
