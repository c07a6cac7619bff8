"""The store of enrich in a fresh namespace, with the sample's tables."""

from pathlib import Path

import pytest
import pytest_asyncio

from services.enrich.adapters.fichiers import lire_dossier
from services.enrich.adapters.mongo import MongoFormations
from services.enrich.adapters.referentiels import MongoReferences
from services.enrich.domain.chargement.modele import TableLue
from services.enrich.settings import BASE
from services.kernel.mongo import Client, Database, Store
from services.kernel.outbox import Outbox
from services.kernel.settings import KernelSettings


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
