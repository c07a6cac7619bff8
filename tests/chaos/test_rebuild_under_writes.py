"""The index is rebuilt while offers are written: a killed build is followed, no write is lost."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import pytest

from contracts.portees import Role
from services.kernel import naming
from tests.support.depositor import Depositor, edited
from tests.support.exemple import Offre, nouvelles
from tests.support.polling import eventually
from tests.support.product import Product
from tests.support.stores import elastic, ids_of, indexed

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(180)]

OFFERS: Final = 400
LOT: Final = 25
LOTS_PER_S: Final = 2  # 50 offers written a second


async def test_no_write_is_lost_and_a_killed_build_is_removed(product: Product) -> None:
    offers = nouvelles(OFFERS)
    async with product.client("collect-api", Role.DEPOSANT) as collect:
        depositor = Depositor(collect)
        await depositor.surely(offers)
        await product.agree()
        (old,) = await _versions(product)
        async with _editing(depositor, offers):
            killed = await _killed_build(product)
            await eventually(lambda: _rebuilt(product), deadline=60, every=0.5)
            enough = len(depositor.accepted) + LOTS_PER_S
            await eventually(lambda: len(depositor.accepted) > enough)
    await product.agree()

    (new,) = await _versions(product)
    assert new not in {old, killed}
    last = {o["cle_ministere_educatif"]: o for held in depositor.accepted.values() for o in held}
    shown = (await indexed(product, await ids_of(product, depositor.keys))).values()
    starts = {document["cles"][0]: document["debuts"] for document in shown}
    stale = [key for key, offre in last.items() if starts[key] != offre["date_debut"]]
    assert not stale, f"{len(stale)} offres montrent un état ancien : {stale[:5]}"


@asynccontextmanager
async def _editing(depositor: Depositor, offers: list[Offre]) -> AsyncIterator[None]:
    """Write every offer in turn, again and again, some fifty a second."""
    stop = asyncio.Event()

    async def edit() -> None:
        lot = 0
        while not stop.is_set():
            start = lot * LOT % OFFERS
            version = 1 + lot * LOT // OFFERS
            await depositor.surely([edited(o, version) for o in offers[start : start + LOT]])
            lot += 1
            await asyncio.sleep(1 / LOTS_PER_S)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(edit())
        yield
        stop.set()


async def _killed_build(product: Product) -> str:
    """Kill a rebuild once its index exists; return the identity of what it left."""
    process = await _rebuild(product)
    try:
        left = await eventually(lambda: _second(product), deadline=30, every=0.02)
    finally:
        process.kill()
        await process.communicate()
    return left


async def _second(product: Product) -> str | None:
    versions = await _versions(product)
    return versions[1] if len(versions) > 1 else None


async def _rebuilt(product: Product) -> bool:
    """Rebuild to the end; the lock of the killed run must have expired."""
    process = await _rebuild(product)
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
    return True


async def _rebuild(product: Product) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.search", "reconstruire"),
        env={**os.environ, **product.fleet.environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


async def _versions(product: Product) -> list[str]:
    """Return the identity of each index, oldest first: a name may serve again."""
    name = naming.index(product.settings, "formations")
    async with elastic(product) as client:
        found = (await client.get(f"/{name}-v*")).raise_for_status().json()
    return [found[index]["settings"]["index"]["uuid"] for index in sorted(found)]
