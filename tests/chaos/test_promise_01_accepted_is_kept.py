"""Promise 1: a 202 from collect is never lost, whenever collect is killed."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from itertools import islice
from typing import Final

import httpx
import pytest

from contracts.portees import Role
from tests.support.depositor import Depositor
from tests.support.exemple import Offre, nouvelles
from tests.support.polling import eventually
from tests.support.product import Product
from tests.support.stores import assert_events_are_writes, ids_of

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(240)]

KILLS: Final = 20
WRITERS: Final = 3
LARGE: Final = 1_500
_IDLE_S: Final = 0.1


async def test_every_202_reaches_the_catalogue(product: Product, chance: random.Random) -> None:
    async with product.client("collect-api", Role.DEPOSANT) as collect:
        depositor = Depositor(collect)
        large = asyncio.create_task(depositor.slowly(nouvelles(LARGE), pause=0.05))
        async with _writing(depositor, chance):
            for _ in range(KILLS):
                await _kill_amid_requests(product, depositor, chance)
        await large
        await _all_done(collect, depositor.accepted)

    arrived = await _arrived(product, depositor.keys)
    missing = depositor.keys - arrived
    assert not missing, f"{len(missing)} offres acceptées perdues : {sorted(missing)[:5]}"
    assert depositor.unknown >= KILLS, "aucune demande n'a été coupée"
    await product.agree()
    await assert_events_are_writes(product, await ids_of(product, depositor.keys))


@asynccontextmanager
async def _writing(depositor: Depositor, chance: random.Random) -> AsyncIterator[None]:
    """Keep depositors at work, one offer or a few at a time."""
    stop = asyncio.Event()
    fresh = _fresh()

    async def write() -> None:
        while not stop.is_set():
            offres = list(islice(fresh, chance.choice((1, 1, 2, 7))))
            sent = depositor.one(offres[0]) if len(offres) == 1 else depositor.some(offres)
            if await sent is None:
                await asyncio.sleep(_IDLE_S)

    async with asyncio.TaskGroup() as writers:
        for _ in range(WRITERS):
            writers.create_task(write())
        yield
        stop.set()


def _fresh() -> Iterator[Offre]:
    while True:
        yield from nouvelles(1_000)


async def _kill_amid_requests(
    product: Product, depositor: Depositor, chance: random.Random
) -> None:
    enough = len(depositor.accepted) + chance.randint(1, 12)
    await eventually(lambda: len(depositor.accepted) >= enough, every=0.005)
    await asyncio.sleep(chance.uniform(0, 0.03))  # the seeded point inside the requests at work
    product.fleet.kill("collect-api")
    await product.revive("collect-api")


async def _all_done(collect: httpx.AsyncClient, depots: Iterable[str]) -> None:
    for depot in depots:

        async def done(depot: str = depot) -> bool:
            seen = (await collect.get(f"/v1/depots/{depot}")).raise_for_status().json()
            assert seen["fini"], f"le dépôt {depot} n'est pas allé au bout : {seen['avancement']}"
            return True

        await eventually(done, deadline=60, every=0.2)


async def _arrived(product: Product, keys: set[str]) -> set[str]:
    formations = product.store.database("catalogue")["formations"]
    held = formations.find(
        {"formation.cle_ministere_educatif": {"$in": list(keys)}},
        {"formation.cle_ministere_educatif": 1},
    )
    return {document["formation"]["cle_ministere_educatif"] async for document in held}
