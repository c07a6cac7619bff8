"""The API of enrich over real stores."""

from datetime import UTC, datetime

import httpx
import orjson
import pytest
import pytest_asyncio
from fastapi import FastAPI

from services.enrich.adapters.mongo import MongoFormations
from services.enrich.domain.enrichissement import Enrichisseur
from services.enrich.domain.evenement import lire_evenement
from services.enrich.usecases.enrichir import enrichir_lot
from services.kernel.auth import unguarded_routes
from services.kernel.mongo import Database
from tests.unit.enrich.fabrique import JOUR, evenement, offre, references

pytestmark = pytest.mark.integration

NOW = datetime(2026, 1, 15, 8, tzinfo=UTC)


@pytest_asyncio.fixture
async def trois_formations(formations: MongoFormations) -> None:
    lots = [
        [evenement(f"F{n}") for n in (1, 2, 3)],
        [evenement("F1", 2, offre=offre(annee="2")), evenement("F2", 2, operation="retrait")],
        [evenement("F1", 3, offre=offre(annee="3"))],
    ]
    for lot in lots:
        evenements = [lire_evenement(donnees) for donnees in lot]
        await enrichir_lot(evenements, Enrichisseur(references(), JOUR), formations, NOW)


def test_no_route_is_left_unguarded(app: FastAPI) -> None:
    assert unguarded_routes(app) == []


@pytest.mark.usefixtures("trois_formations")
async def test_digests_are_listed_for_administrators(
    client: httpx.AsyncClient, administrateur: dict[str, str], lecteur: dict[str, str]
) -> None:
    reponse = await client.get("/interne/empreintes", headers=administrateur)

    lignes = [orjson.loads(ligne) for ligne in reponse.text.splitlines()]
    assert [(d["id"], d["sequence"], d["etat"], d["offre_sequence"]) for d in lignes] == [
        ("F1", 3, "active", 3),
        ("F2", 2, "retiree", 2),
        ("F3", 1, "active", 1),
    ]
    assert (await client.get("/interne/empreintes", headers=lecteur)).status_code == 403
    assert (await client.get("/interne/empreintes")).status_code == 401


@pytest.mark.usefixtures("trois_formations")
async def test_states_are_sent_again_through_the_outbox(
    client: httpx.AsyncClient, administrateur: dict[str, str], database: Database
) -> None:
    avant = await database["outbox"].count_documents({})
    reponse = await client.post(
        "/interne/reemettre", headers=administrateur, json={"ids": ["F1", "F2", "F3", "F9"]}
    )

    assert reponse.json() == {"reemises": 3, "inconnues": ["F9"]}
    assert await database["outbox"].count_documents({}) == avant + 2
