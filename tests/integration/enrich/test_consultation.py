"""Codes asked for and offers diagnosed over HTTP, with the sample's tables."""

from datetime import UTC, datetime

import httpx
import pytest
import pytest_asyncio

from services.enrich.adapters.referentiels import MongoReferences
from services.enrich.domain.chargement.modele import TableLue
from services.kernel.mongo import Database
from tests.support.polling import eventually
from tests.support.references import installer
from tests.unit.enrich.fabrique import offre

pytestmark = pytest.mark.integration

NOW = datetime(2026, 1, 15, 8, tzinfo=UTC)


@pytest_asyncio.fixture
async def pret(
    client: httpx.AsyncClient, referentiels: MongoReferences, tables: list[TableLue]
) -> None:
    await installer(referentiels, "v1", tables, NOW)

    async def connu() -> bool:
        return (await client.get("/v1/referentiels/communes/06088")).status_code == 200

    assert await eventually(connu, deadline=10)


@pytest.mark.usefixtures("pret")
async def test_a_code_is_told_with_the_version_that_knows_it(client: httpx.AsyncClient) -> None:
    dite = (await client.get("/v1/referentiels/communes/06088")).json()

    assert (dite["version"], dite["connu"]["nom"]) == ("v1", "Nice")


@pytest.mark.usefixtures("pret")
async def test_a_code_that_no_table_holds_is_not_found(client: httpx.AsyncClient) -> None:
    reponse = await client.get("/v1/referentiels/cfd/99999999")

    assert (reponse.status_code, reponse.json()["code"]) == (404, "code_inconnu")


@pytest.mark.usefixtures("pret")
async def test_a_diagnostic_says_everything_and_stores_nothing(
    client: httpx.AsyncClient, lecteur: dict[str, str], database: Database
) -> None:
    demande = {"offre": offre(code_postal="75001", duree="X")}
    dit = (await client.post("/v1/diagnostic", headers=lecteur, json=demande)).json()

    assert dit["formation"]["nom_academie"] == "Nice"
    assert "code_postal_autre_departement" in {constat["code"] for constat in dit["constats"]}
    assert "duree" in dit["completude"]["manque"]
    assert dit["completude"]["taux"] > dit["completude_deposee"]["taux"]
    for collection in ("formations", "historique", "outbox"):
        assert await database[collection].count_documents({}) == 0


@pytest.mark.usefixtures("pret")
async def test_a_diagnostic_needs_a_key(client: httpx.AsyncClient) -> None:
    assert (await client.post("/v1/diagnostic", json={"offre": offre()})).status_code == 401
