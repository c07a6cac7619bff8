"""Search through the API beside the same query sent straight to Elasticsearch, by one client."""

import asyncio
import itertools
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import aiohttp
import orjson

from benchmarks.figure import Latency
from benchmarks.installation import Measured
from services.kernel.clock import SystemClock
from services.search.adapters.elastic import connecter, noms
from services.search.adapters.lecture import MoteurElastic
from services.search.domain.criteres import Criteres
from services.search.domain.filtres import NOMS_DES_FACETTES
from services.search.settings import SearchSettings
from services.search.usecases.rechercher import Demande, rechercher
from services.search.usecases.situer import Geographie

QUERIES: Final = (
    "boulanger",
    "bac pro cuisine",
    "bts management commercial",
    "cap coiffure",
    "électricien",
    "licence ressources humaines",
    "mécanique automobile",
    "bts comptabilité gestion",
    "maçon",
    "petite enfance",
)
REQUESTS: Final = 1_000
WARM_UP: Final = 400
_JSON: Final = {"content-type": "application/json"}


@dataclass(frozen=True, slots=True)
class SearchFigures:
    """Latency by number of clients, through the API and straight."""

    api: Mapping[int, Latency]
    direct: Mapping[int, Latency]


class _Capture(MoteurElastic):
    body: Mapping[str, Any]

    async def chercher(self, corps: Mapping[str, Any]) -> Mapping[str, Any]:
        self.body = corps
        return await super().chercher(corps)


async def measure_search(installation: Measured) -> SearchFigures:
    """Send the same searches both ways, alternating, with 1 and with 8 clients."""
    settings = SearchSettings.model_validate(installation.values)
    bodies = [orjson.dumps(body) for body in await _bodies(settings)]
    base = installation.fleet.url("search-api")
    address = f"{settings.elastic.rstrip('/')}/{noms(settings).lecture}/_search"
    api: dict[int, Latency] = {}
    direct: dict[int, Latency] = {}
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def through(rank: int) -> None:
            params = {"q": QUERIES[rank % len(QUERIES)]}
            async with session.get(f"{base}/v1/formations", params=params) as answer:
                answer.raise_for_status()
                await answer.read()

        async def straight(rank: int) -> None:
            body = bodies[rank % len(bodies)]
            async with session.post(address, data=body, headers=_JSON) as answer:
                answer.raise_for_status()
                await answer.read()

        for call in (through, straight):
            await _load(call, WARM_UP, 4)
        for clients in (1, 8):
            direct[clients] = Latency.of(await _load(straight, REQUESTS, clients))
            api[clients] = Latency.of(await _load(through, REQUESTS, clients))
    return SearchFigures(api, direct)


async def _bodies(settings: SearchSettings) -> list[Mapping[str, Any]]:
    client = connecter(settings)
    try:
        engine = _Capture(client, noms(settings).lecture)
        geography = Geographie(engine, SystemClock(), settings.recherche_lieux_s)
        captured = []
        for text in QUERIES:
            criteria = Criteres(q=text, facettes=NOMS_DES_FACETTES)
            await rechercher(Demande(criteres=criteria), engine, geography)
            captured.append(engine.body)
        return captured
    finally:
        await client.close()


async def _load(call: Any, requests: int, clients: int) -> list[float]:  # noqa: ANN401 - a coroutine function
    ranks = itertools.count()
    seconds: list[float] = []

    async def client() -> None:
        while (rank := next(ranks)) < requests:
            started = time.perf_counter()
            await call(rank)
            seconds.append(time.perf_counter() - started)

    await asyncio.gather(*(client() for _ in range(clients)))
    return seconds
