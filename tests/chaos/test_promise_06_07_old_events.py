"""Promises 6 and 7: older events never overwrite newer ones, and withdrawn stays withdrawn.

Elasticsearch forgets deletions after `index.gc_deletes`, and then let stale writes resurrect
documents (reliability.md §4): it is set to one second here, and outlasted.
"""

import asyncio
import random
from typing import Final

import pytest

from contracts.portees import Role
from contracts.topics import FORMATIONS, OFFRES, PUBLICATIONS
from services.kernel import naming
from tests.support.depositor import Depositor, edited
from tests.support.exemple import nouvelles
from tests.support.product import Product
from tests.support.replay import events_of, publish_again, read_by
from tests.support.stores import changed, elastic, holdings, ids_of

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(180)]

OFFERS: Final = 120
EDITS: Final = 4
WITHDRAWN: Final = 40
GC_DELETES_S: Final = 1


@pytest.fixture
async def short_memory(product: Product) -> None:
    async with elastic(product) as client:
        answer = await client.put(
            f"/{naming.index(product.settings, 'formations')}/_settings",
            json={"index": {"gc_deletes": f"{GC_DELETES_S}s"}},
        )
        answer.raise_for_status()


async def test_shuffled_old_events_change_nothing_and_resurrect_nobody(
    product: Product, short_memory: None, chance: random.Random
) -> None:
    offers = nouvelles(OFFERS)
    async with product.client("collect-api", Role.ADMINISTRATEUR) as collect:
        depositor = Depositor(collect)
        for version in range(EDITS):
            await depositor.surely([edited(offre, version) for offre in offers])
            await product.agree()
        ids = await ids_of(product, depositor.keys)
        for id_ in ids[:WITHDRAWN]:
            gone = await collect.delete(f"/v1/offres/{id_}", params={"motif": "cours supprimé"})
            gone.raise_for_status()
    await product.agree()
    before = await holdings(product, ids)
    await _withdrawn_for_all(product, ids[:WITHDRAWN])
    await asyncio.sleep(1.5 * GC_DELETES_S)  # what is outlasted is a duration

    old = {
        topic: await events_of(product, topic, ids) for topic in (OFFRES, FORMATIONS, PUBLICATIONS)
    }
    for topic, records in old.items():
        chance.shuffle(records)
        async with read_by(product, topic, len(records)):
            await publish_again(product, topic, records)

    await product.agree()
    assert changed(before, await holdings(product, ids)) == []
    await _withdrawn_for_all(product, ids[:WITHDRAWN])


async def _withdrawn_for_all(product: Product, ids: list[str]) -> None:
    """Every reader is told that these offers are gone."""
    formations = product.store.database("catalogue")["formations"]
    held = await formations.count_documents({"_id": {"$in": ids}, "etat": "retiree"})
    assert held == len(ids)
    async with product.client("search-api", Role.LECTEUR) as search:
        told = [(await search.get(f"/v1/formations/{id_}")).status_code for id_ in ids]
    assert set(told) == {410}, f"réponses de la recherche : {sorted(set(told))}"
