"""Promises 2 and 3: no event without its write, no write without its event, none skipped.

The kernel's tests prove it of one outbox; here those of the whole flow are read to their ends.
"""

import asyncio
import random
from typing import Final

import pytest

from contracts.portees import Role
from tests.support.depositor import Depositor, edited
from tests.support.exemple import nouvelles
from tests.support.product import Product
from tests.support.stores import assert_events_are_writes, ids_of

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(180)]

OFFERS: Final = 400
LOT: Final = 80
VERSIONS: Final = 3
VICTIMS: Final = ("enrich-consumer", "enrich-relay", "export-consumer")
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
