"""Promises 2 and 3: no event without its write, no write without its event, none skipped.

The kernel's tests prove it of one outbox; here those of the whole flow are read to their ends.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import pytest

from contracts.portees import Role
from tests.support.depositor import Depositor, edited
from tests.support.exemple import nouvelles
from tests.support.polling import eventually
from tests.support.product import Product
from tests.support.stores import assert_events_are_writes, ids_of

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(180)]

OFFERS: Final = 400
LOT: Final = 80
VERSIONS: Final = 3
VICTIMS: Final = ("enrich-consumer", "enrich-relay", "export-consumer")
ATTEMPTS: Final = 6  # with their pauses, more than the five seconds of an automatic commit
_WORK_S: Final = 0.6  # a victim is killed somewhere within the work that a lot gives it


async def test_what_was_written_and_what_was_told_are_the_same(
    product: Product, chance: random.Random
) -> None:
    offers = nouvelles(OFFERS)
    async with product.client("collect-api", Role.DEPOSANT) as collect:
        depositor = Depositor(collect)
        for version in range(VERSIONS):
            for start in range(0, OFFERS, LOT):
                lot = offers[start : start + LOT]
                await depositor.surely([edited(offre, version) for offre in lot])
                await asyncio.sleep(chance.uniform(0, _WORK_S))
                victim = chance.choice(VICTIMS)
                product.fleet.kill(victim)
                product.fleet.start(victim)
    await product.agree(deadline=90)

    ids = await ids_of(product, depositor.keys)
    assert len(ids) == OFFERS
    assert await assert_events_are_writes(product, ids) >= 2 * VERSIONS * OFFERS


async def test_a_batch_that_its_consumer_died_in_comes_again(product: Product) -> None:
    offers = nouvelles(LOT)
    async with product.client("collect-api", Role.DEPOSANT) as collect:
        depositor = Depositor(collect)
        await depositor.surely(offers)
        await product.agree()
        ids = await ids_of(product, depositor.keys)
        before = await _attempts(product)
        async with _held_back(product, ids[0]):
            await depositor.surely([edited(offre, 1) for offre in offers])
            await eventually(lambda: _tried(product, before + ATTEMPTS), deadline=60)
            product.fleet.kill("enrich-consumer")
    await product.revive("enrich-consumer")
    await product.agree(deadline=90)

    assert await assert_events_are_writes(product, ids) >= 2 * 2 * LOT


@asynccontextmanager
async def _held_back(product: Product, id_: str) -> AsyncIterator[None]:
    """Keep enrich from writing a formation: every transaction that does meets a conflict."""
    base = product.store.database("catalogue")
    async with (
        product.store.client.start_session() as session,
        await session.start_transaction(),
    ):
        held = {"$set": {"tenue_par": "essai"}}
        await base["formations"].update_one({"_id": id_}, held, session=session)
        yield
        await session.abort_transaction()


async def _attempts(product: Product) -> float:
    return await product.metric("enrich-consumer", "catalogue_consumer_transient_attempts_total")


async def _tried(product: Product, attempts: float) -> bool:
    done = await _attempts(product)
    assert done >= attempts, f"{done} essais d'enrich, {attempts} attendus"
    return True
