"""A whole installation for a test session: every process, on ports of its own, then no trace."""

import asyncio
import random
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx

from contracts.portees import Role
from deploy.local import Addresses
from deploy.local.ports import is_free
from services.cli.run.fleet import FLEET
from services.cli.run.installation import Installation
from services.cli.run.settings import RunSettings
from services.kernel.keystore import open_key_store
from services.kernel.mongo import connect
from services.kernel.naming import index
from services.kernel.settings import KernelSettings
from services.kernel.topics_admin import delete_topics

# Tests ask far more often than one caller would, and must not wait for each other.
_VARIABLES: Final = {
    "CATALOGUE_DEBIT_PAR_SECONDE": "100000",
    "CATALOGUE_DEBIT_RAFALE": "1000000",
    "CATALOGUE_CLES_CACHE_S": "0.2",
    "CATALOGUE_QUALITE_ATTENTE_S": "0.5",
}
_DECISIONS: Final = 120


@contextmanager
def whole_installation(addresses: Addresses, folder: Path) -> Iterator[Installation]:
    """Give an installation that is ready, in a fresh namespace; what it stored is erased after."""
    settings = RunSettings(
        dossier=folder,
        refdata=None,
        espace=f"e{uuid.uuid4().hex[:10]}",
        decalage_ports=_free_offset(),
        decisions_demo=_DECISIONS,
    )
    installation = Installation(settings, addresses, extra=_VARIABLES)
    try:
        with installation:
            yield installation
    finally:
        asyncio.run(_erase(installation.kernel))


async def issue_key(settings: KernelSettings, role: Role, holder: str, *scopes: str) -> str:
    """Return the text of a new key."""
    async with open_key_store(settings) as store:
        issued = await store.issue(role=role, titulaire=holder, label=holder, scopes=list(scopes))
    return str(issued)


def _free_offset() -> int:
    """Return an offset at which no process of the fleet meets another program."""
    for offset in random.SystemRandom().sample(range(3_000, 20_000, 50), 50):
        if all(is_free(spec.port + offset) for spec in FLEET):
            return offset
    raise AssertionError("pas de ports libres")


async def _erase(settings: KernelSettings) -> None:
    client = connect(settings)
    try:
        for name in await client.list_database_names():
            if name.startswith(f"{settings.espace}_"):
                await client.drop_database(name)
    finally:
        await client.close()
    await delete_topics(settings)
    async with httpx.AsyncClient(base_url=settings.elastic, timeout=30) as elastic:
        indexes = (await elastic.get(f"/{settings.espace}-*")).json()
        for path in (*indexes, f"_index_template/{index(settings, 'formations')}"):
            (await elastic.delete(f"/{path}")).raise_for_status()
