"""Promise 4: per-offer order holds while relays and consumers are killed."""

import random
from typing import Final

import orjson
import pytest

from contracts.portees import Role
from contracts.topics import FORMATIONS, OFFRES, PUBLICATIONS
from tests.support.depositor import Depositor, edited
from tests.support.exemple import nouvelles
from tests.support.polling import eventually
from tests.support.product import Product
from tests.support.stores import assert_events_are_writes, ids_of, indexed, sequences

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(180)]

OFFERS: Final = 50
EDITS: Final = 20
KILL_EVERY: Final = 3
LAG: Final = 4  # edits that may be under way at once, so that they do not all meet in one batch
VICTIMS: Final = ("enrich-consumer", "enrich-relay", "search-indexer", "export-consumer")


async def test_sequences_never_go_down_and_the_last_edit_holds(
    product: Product, chance: random.Random
) -> None:
    offers = nouvelles(OFFERS)
    async with product.client("collect-api", Role.DEPOSANT) as collect:
        depositor = Depositor(collect)
        for version in range(EDITS):
            await depositor.surely([edited(offre, version) for offre in offers])
            if version % KILL_EVERY == 1:
                victim = chance.choice(VICTIMS)
                product.fleet.kill(victim)
                product.fleet.start(victim)
            await _followed(product, depositor, version + 1 - LAG)
    await product.agree(deadline=90)

    ids = await ids_of(product, depositor.keys)
    await assert_events_are_writes(product, ids)
    for topic, least in ((OFFRES, EDITS), (FORMATIONS, EDITS), (PUBLICATIONS, 2)):
        told = await sequences(product, topic)
        longest = max(len(told.get(id_, ())) for id_ in ids)
        assert longest >= least, f"{topic.name} n'a pas été éprouvé : {longest} états"
    found = await indexed(product, ids)
    shown = {id_: orjson.loads(found[id_]["formation"])["formation"]["capacite"] for id_ in ids}
    assert set(shown.values()) == {str(EDITS - 1)}, "l'index ne montre pas la dernière version"


async def _followed(product: Product, depositor: Depositor, sequence: int) -> None:
    """Return once the last service of the flow holds at least this state of every offer."""
    if sequence < 1:
        return
    held = product.store.database("export")["formations"]
    filter_ = {
        "projection.cle_ministere_educatif": {"$in": list(depositor.keys)},
        "sequence": {"$gte": sequence},
    }

    async def followed() -> bool:
        count = await held.count_documents(filter_)
        assert count == OFFERS, f"{OFFERS - count} offres n'ont pas atteint la séquence {sequence}"
        return True

    await eventually(followed, deadline=60)
