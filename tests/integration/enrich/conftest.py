"""The store of enrich in a fresh namespace, with the sample's tables."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from contracts.portees import Role
from services.enrich.adapters.fichiers import lire_dossier
from services.enrich.adapters.mongo import MongoFormations
from services.enrich.adapters.referentiels import MongoReferences
from services.enrich.domain.chargement.modele import TableLue
from services.enrich.entrypoints.api import create_app
from services.enrich.settings import BASE, ApiSettings
from services.kernel.clock import FixedClock
from services.kernel.keystore import open_key_store
from services.kernel.mongo import Client, Database, Store
from services.kernel.outbox import Outbox
from services.kernel.settings import KernelSettings

DANS_TROIS_JOURS = datetime(2026, 1, 18, 8, tzinfo=UTC)


@pytest.fixture(scope="session")
def tables() -> list[TableLue]:
    """The tables of the sample that the project ships."""
    return lire_dossier(Path("deploy/exemple"))


@pytest.fixture
def database(store: Store) -> Database:
    return store.database(BASE)


@pytest_asyncio.fixture
async def outbox(database: Database, settings: KernelSettings) -> Outbox:
    outbox = Outbox(database, bytes_max=settings.outbox_octets_max)
    await outbox.prepare()
    return outbox


@pytest_asyncio.fixture
async def formations(mongo: Client, database: Database, outbox: Outbox) -> MongoFormations:
    formations = MongoFormations(mongo, database, outbox)
    await formations.prepare()
    return formations


@pytest_asyncio.fixture
async def referentiels(mongo: Client, database: Database) -> MongoReferences:
    referentiels = MongoReferences(mongo, database)
    await referentiels.prepare()
    return referentiels


@pytest.fixture
def app(settings: KernelSettings) -> FastAPI:
    propres = ApiSettings(**settings.model_dump(exclude={"port"}), reemission_lot=2)
    return create_app(propres, FixedClock(DANS_TROIS_JOURS))


@pytest_asyncio.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api") as client,
    ):
        yield client


async def _cle(settings: KernelSettings, role: Role) -> dict[str, str]:
    async with open_key_store(settings) as keys:
        cle = await keys.issue(role=role.value, titulaire="essai", label="essai", scopes=["*"])
    return {"Authorization": f"Bearer {cle}"}


@pytest_asyncio.fixture
async def administrateur(settings: KernelSettings) -> dict[str, str]:
    return await _cle(settings, Role.ADMINISTRATEUR)


@pytest_asyncio.fixture
async def lecteur(settings: KernelSettings) -> dict[str, str]:
    return await _cle(settings, Role.LECTEUR)
