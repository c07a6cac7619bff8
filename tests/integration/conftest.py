"""Real servers for every integration test, each in a namespace of its own."""

import uuid
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from deploy.local.config import Addresses
from services.kernel.mongo import Client, Store, connect
from services.kernel.settings import KernelSettings
from services.kernel.topics_admin import create_topics, delete_topics


@pytest.fixture
def settings(servers: Addresses) -> KernelSettings:
    """The settings of a fresh namespace, quick to react; derive others with `model_copy`."""
    return KernelSettings(
        kafka=servers.kafka,
        mongo=servers.mongo,
        elastic=servers.elastic,
        espace=f"t{uuid.uuid4().hex[:12]}",
        port=0,
        reprise_min_s=0.05,
        reprise_max_s=0.5,
        relais_attente_s=0.1,
    )


@pytest.fixture
def environment(settings: KernelSettings) -> dict[str, str]:
    """The variables that give a process under test the same settings."""
    servers = ("kafka", "mongo", "elastic", "espace", "port")
    paces = ("reprise_min_s", "reprise_max_s", "relais_attente_s")
    return {f"CATALOGUE_{name.upper()}": str(getattr(settings, name)) for name in servers + paces}


@pytest_asyncio.fixture
async def mongo(settings: KernelSettings) -> AsyncIterator[Client]:
    """A client; the databases of the test's namespace are dropped afterwards."""
    client = connect(settings)
    yield client
    for name in await client.list_database_names():
        if name.startswith(f"{settings.espace}_"):
            await client.drop_database(name)
    await client.close()


@pytest.fixture
def store(mongo: Client, settings: KernelSettings) -> Store:
    """The databases of the test's namespace."""
    return Store(mongo, settings)


@pytest_asyncio.fixture
async def topics(settings: KernelSettings) -> AsyncIterator[KernelSettings]:
    """The declared topics with two partitions each, in the test's namespace, then deleted."""
    await create_topics(settings, partitions=2)
    yield settings
    await delete_topics(settings)
