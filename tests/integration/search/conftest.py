"""Search on real servers: an index, an indexer and an API in a namespace of their own."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import pytest_asyncio
from elasticsearch import AsyncElasticsearch, NotFoundError

from contracts.topics import FORMATIONS, PUBLICATIONS
from services.kernel.auth import Identity
from services.kernel.events import Event, make_event
from services.kernel.producer import DirectPublisher
from services.kernel.settings import KernelSettings
from services.search.adapters.administration import Administration
from services.search.adapters.ecriture import IndexElastic
from services.search.adapters.elastic import connecter, demander, noms
from services.search.entrypoints import indexer
from services.search.entrypoints.api import create_app
from services.search.settings import IndexerSettings
from services.search.usecases.indexer import appliquer
from tests.support.formations import partie

IDENTITES = {
    "administrateur": Identity("a", "admin", "administrateur", frozenset({"*"}), "moss"),
    "lecteur": Identity("l", "lecteur", "lecteur", frozenset(), "lba"),
}
Donnees = Mapping[str, Any]
Deposer = Callable[..., Awaitable[None]]
Publier = Callable[..., Awaitable[None]]
Indexer = Callable[..., AbstractAsyncContextManager[None]]


class Cles:
    """Keys whose text is the name of their role."""

    async def verify(self, text: str) -> Identity | None:
        """Return the identity of that name."""
        return IDENTITES.get(text)


@pytest.fixture
def search(settings: KernelSettings) -> IndexerSettings:
    """The settings of search, quick to react."""
    return IndexerSettings(**{**settings.model_dump(), "index_calme_s": 0.4})


@pytest_asyncio.fixture
async def elastic(search: IndexerSettings) -> AsyncIterator[AsyncElasticsearch]:
    """A client; what the namespace holds is removed afterwards."""
    client = connecter(search)
    yield client
    trouves = await demander(client, "GET", "/_all", None, expand_wildcards="all")
    for index in trouves:
        if index.startswith(f"{search.espace}-"):
            await demander(client, "DELETE", f"/{index}")
    with suppress(NotFoundError):
        await demander(client, "DELETE", f"/_index_template/{noms(search).modele}")
    await client.close()


@pytest_asyncio.fixture
async def administration(elastic: AsyncElasticsearch, search: IndexerSettings) -> Administration:
    """The first index, made."""
    administration = Administration(elastic, noms(search), search)
    assert await administration.creer()
    return administration


@pytest.fixture
def deposer(
    administration: Administration, elastic: AsyncElasticsearch, search: IndexerSettings
) -> Deposer:
    """Put events into the index without Kafka, visible on return."""

    async def _deposer(*evenements: Donnees) -> None:
        index = IndexElastic(elastic, noms(search), search.index_envois)
        etats = [partie(donnees) for donnees in evenements]
        for cible in await index.cibles():
            bilan = await appliquer(etats, index, cible, tentatives=3, pause=indexer.pause(search))
            assert not bilan.refus
            await administration.rafraichir(cible)

    return _deposer


@pytest_asyncio.fixture
async def publier(topics: KernelSettings) -> AsyncIterator[Publier]:
    """Bring events to their topics."""
    publisher = DirectPublisher(topics, "test")

    async def _publier(*evenements: Donnees) -> None:
        await publisher.publish([_evenement(donnees) for donnees in evenements])

    yield _publier
    await publisher.close()


def _evenement(donnees: Donnees) -> Event:
    topic = PUBLICATIONS if "parcoursup" in donnees else FORMATIONS
    return make_event(topic, donnees["id"], donnees["sequence"], dict(donnees), datetime.now(UTC))


@pytest.fixture
def indexation(administration: Administration, topics: KernelSettings) -> Indexer:
    """Run the indexer for a block."""
    del administration, topics

    @asynccontextmanager
    async def _indexation(settings: IndexerSettings) -> AsyncIterator[None]:
        stop = asyncio.Event()
        tache = asyncio.create_task(indexer.main(settings, stop=stop))
        try:
            yield
        finally:
            stop.set()
            await tache

    return _indexation


@pytest_asyncio.fixture
async def api(
    administration: Administration, search: IndexerSettings
) -> AsyncIterator[httpx.AsyncClient]:
    """The API, called without a socket."""
    del administration
    app = create_app(search, keys=Cles())
    transport = httpx.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://recherche") as client,
    ):
        yield client
