"""Promise 5: duplicates change nothing, in any store, and make no event."""

import asyncio
from typing import Final

import pytest

from contracts.portees import Role
from contracts.topics import AVANCEMENT, CONSTATS, FORMATIONS, OFFRES, PUBLICATIONS, Topic
from services.cli.ecarts import Magasin
from tests.support.depositor import Depositor, edited
from tests.support.exemple import nouvelles
from tests.support.kafka import read_all
from tests.support.product import CONSUMERS, Product
from tests.support.replay import READERS, has_read, rewind
from tests.support.stores import changed, holdings, ids_of, sequences

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(240)]

OFFERS: Final = 300
EDITED: Final = 100
WITHDRAWN: Final = 20
REWOUND: Final = {
    "collect-consumer": (CONSTATS, AVANCEMENT),
    "enrich-consumer": (OFFRES,),
    "search-indexer": (FORMATIONS, PUBLICATIONS),
    "export-consumer": (FORMATIONS,),
}


@pytest.fixture
async def ids(product: Product) -> list[str]:
    """Offers of every state, gone all the way."""
    offers = nouvelles(OFFERS)
    async with product.client("collect-api", Role.ADMINISTRATEUR) as collect:
        depositor = Depositor(collect)
        await depositor.surely(offers)
        await depositor.surely([edited(offre, 1) for offre in offers[:EDITED]])
        held = await ids_of(product, depositor.keys)
        for id_ in held[:WITHDRAWN]:
            gone = await collect.delete(f"/v1/offres/{id_}", params={"motif": "essai"})
            gone.raise_for_status()
    await product.agree()
    return held


async def test_everything_sent_again_changes_nothing(product: Product, ids: list[str]) -> None:
    before = await holdings(product, ids)
    once = {topic: await _told(product, topic, ids) for topic in READERS}
    read = {
        (topic, name): await product.consumed(name, topic)
        for topic, names in READERS.items()
        for name in names
    }

    await asyncio.to_thread(_send_again, product, ids)
    for (topic, name), already in read.items():
        await has_read(product, name, topic, already + len(once[topic]))

    await product.agree()
    assert changed(before, await holdings(product, ids)) == []
    twice = {topic: await _told(product, topic, ids) for topic in READERS}
    for topic, told in once.items():
        expected = {id_: [*sequences, sequences[-1]] for id_, sequences in told.items()}
        assert twice[topic] == expected, f"{topic.name} : chaque dernier état, une fois de plus"


async def test_whole_topics_read_again_change_nothing(product: Product, ids: list[str]) -> None:
    before = await holdings(product, ids)
    await product.stop(*CONSUMERS)
    told = {topic: len(await read_all(product.settings, topic)) for topic in READERS}
    for process, topics in REWOUND.items():
        await rewind(product, process, topics)

    await product.restore()
    for topic, names in READERS.items():
        for name in names:
            await has_read(product, name, topic, told[topic])

    await product.agree()
    assert changed(before, await holdings(product, ids)) == []
    more = {t.name: len(await read_all(product.settings, t)) - n for t, n in told.items()}
    assert set(more.values()) == {0}, f"une relecture a émis des états : {more}"


async def _told(product: Product, topic: Topic, ids: list[str]) -> dict[str, list[int]]:
    told = await sequences(product, topic)
    return {id_: told[id_] for id_ in ids if id_ in told}


def _send_again(product: Product, ids: list[str]) -> None:
    services = product.services()
    try:
        for store in (Magasin.COLLECT, Magasin.ENRICH, Magasin.EXPORT):
            services.reemettre(store, ids)
    finally:
        services.close()
