"""What differs in the catalogue between two days, over real stores."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import orjson
import pytest
import pytest_asyncio

from services.enrich.adapters.mongo import MongoFormations
from services.enrich.domain.enrichissement import Enrichisseur
from services.enrich.domain.evenement import lire_evenement
from services.enrich.usecases.enrichir import enrichir_lot
from tests.unit.enrich.fabrique import JOUR, evenement, offre, references

pytestmark = pytest.mark.integration

DEBUT = datetime(2026, 1, 10, 8, tzinfo=UTC)
ADRESSE = "/v1/catalogue/differences"
A_AVIGNON = {
    "code_commune_insee": "84007",
    "code_postal": "84000",
    "lieu_formation_geo_coordonnees": None,
}

JOURS: Sequence[Sequence[dict[str, Any]]] = (
    [evenement(nom) for nom in ("CHANGE", "RETIRE", "DEPLACE", "REVIENT", "STABLE")],
    [
        evenement("CHANGE", 2, offre=offre(annee="2")),
        evenement("RETIRE", 2, operation="retrait", motif="absente"),
        evenement("REVIENT", 2, operation="retrait"),
        evenement("NOUVELLE"),
        evenement("PASSAGERE"),
    ],
    [
        evenement("CHANGE", 3, offre=offre(annee="3")),
        evenement("REVIENT", 3),
        evenement("DEPLACE", 2, offre=offre(**A_AVIGNON)),
        evenement("PASSAGERE", 2, operation="retrait"),
    ],
    [
        evenement("RETIRE", 3),
        evenement("NOUVELLE", 2, offre=offre(**A_AVIGNON)),
        evenement("CHANGE", 4),
    ],
)


@pytest_asyncio.fixture(autouse=True)
async def quatre_jours(formations: MongoFormations) -> None:
    """What happens on the 10th, 11th, 12th and 13th of January 2026."""
    regles = Enrichisseur(references(), JOUR)
    for rang, lot in enumerate(JOURS):
        lus = [lire_evenement(donnees) for donnees in lot]
        await enrichir_lot(lus, regles, formations, DEBUT + timedelta(days=rang))


async def _lire(client: httpx.AsyncClient, cle: dict[str, str], **params: str) -> dict[str, Any]:
    reponse = await client.get(ADRESSE, headers=cle, params=params)
    lignes = [orjson.loads(ligne) for ligne in reponse.text.splitlines()]
    return {ligne["id"]: ligne for ligne in lignes}


async def test_what_was_made_changed_and_withdrawn_is_told_between_two_days(
    client: httpx.AsyncClient, lecteur: dict[str, str]
) -> None:
    lignes = await _lire(client, lecteur, de="2026-01-10", a="2026-01-12")

    assert {nom: ligne["difference"] for nom, ligne in lignes.items()} == {
        "NOUVELLE": "creee",
        "CHANGE": "modifiee",
        "DEPLACE": "modifiee",
        "RETIRE": "retiree",
    }
    assert lignes["CHANGE"]["champs"]["annee"] == ["1", "3"]
    assert lignes["RETIRE"]["champs"]["etat"] == ["active", "retiree"]


async def test_what_is_back_where_it_was_does_not_differ(
    client: httpx.AsyncClient, lecteur: dict[str, str]
) -> None:
    lignes = await _lire(client, lecteur, de="2026-01-10", a="2026-01-13")

    assert "CHANGE" not in lignes
    assert "RETIRE" not in lignes
    assert (await _lire(client, lecteur, de="2026-01-12", a="2026-01-13"))["RETIRE"][
        "difference"
    ] == "retablie"


async def test_an_offer_that_moves_is_told_to_both_academies(
    client: httpx.AsyncClient, lecteur: dict[str, str]
) -> None:
    periode = {"de": "2026-01-11", "a": "2026-01-12"}
    nice = await _lire(client, lecteur, academie="23", **periode)
    aix = await _lire(client, lecteur, academie="2", **periode)

    assert set(nice) == {"CHANGE", "REVIENT", "DEPLACE", "PASSAGERE"}
    assert set(aix) == {"DEPLACE"}


async def test_an_academie_is_the_one_of_the_second_day_not_of_today(
    client: httpx.AsyncClient, lecteur: dict[str, str]
) -> None:
    periode = {"de": "2026-01-10", "a": "2026-01-12"}

    assert "NOUVELLE" in await _lire(client, lecteur, academie="23", **periode)
    assert "NOUVELLE" not in await _lire(client, lecteur, academie="02", **periode)


async def test_differences_are_a_table_with_a_row_per_field(
    client: httpx.AsyncClient, lecteur: dict[str, str]
) -> None:
    params = {"de": "2026-01-10", "a": "2026-01-11", "format": "csv"}
    reponse = await client.get(ADRESSE, headers=lecteur, params=params)

    rangees = list(csv.DictReader(io.StringIO(reponse.text.removeprefix("\ufeff")), delimiter=";"))
    annees = [r for r in rangees if r["champ"] == "annee"]
    assert [(r["offre"], r["avant"], r["apres"]) for r in annees] == [("CHANGE", "1", "2")]


@pytest.mark.parametrize("params", [{"de": "2026-01-12", "a": "2026-01-12"}, {"de": "x", "a": "y"}])
async def test_days_out_of_order_or_unreadable_are_refused(
    client: httpx.AsyncClient, lecteur: dict[str, str], params: dict[str, str]
) -> None:
    assert (await client.get(ADRESSE, headers=lecteur, params=params)).status_code == 422
