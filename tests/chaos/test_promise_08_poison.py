"""Promise 8: one bad message blocks nobody: it is parked once, and its neighbours pass."""

import random
from collections import Counter
from typing import Any, Final

import orjson
import pytest

from contracts.portees import Role
from contracts.topics import FORMATIONS, OFFRES, PUBLICATIONS, Topic
from services.kernel.rebuts import list_parked
from tests.support.depositor import Depositor
from tests.support.exemple import nouvelles
from tests.support.kafka import read_all, write
from tests.support.polling import eventually
from tests.support.product import Product
from tests.support.replay import READERS, events_of
from tests.support.stores import changed, holdings, ids_of

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(180)]

NEIGHBOURS: Final = 150
BODY: Final = {OFFRES: "offre", FORMATIONS: "formation", PUBLICATIONS: "parcoursup"}
BEYOND_64_BITS: Final = 2**63
ALMOST_A_MEGABYTE: Final = 1_000_000


@pytest.mark.parametrize("topic", READERS, ids=lambda topic: topic.name.split(".")[1])
async def test_poison_is_parked_once_and_its_neighbours_pass(
    product: Product, chance: random.Random, topic: Topic
) -> None:
    offers = nouvelles(2 * NEIGHBOURS)
    known = {entry.id for entry in await list_parked(product.settings, [topic])}
    async with product.client("collect-api", Role.DEPOSANT) as collect:
        depositor = Depositor(collect)
        await depositor.surely(offers[:NEIGHBOURS])
        await product.agree()
        ids = await ids_of(product, depositor.keys)
        before = await holdings(product, ids)
        planted = await _plant(product, topic, ids, chance)
        await depositor.surely(offers[NEIGHBOURS:])
    await product.agree()

    async def all_parked() -> list[str]:
        found = [e.code for e in await list_parked(product.settings, [topic]) if e.id not in known]
        assert len(found) == planted, f"planté {planted}, mis à l'écart {sorted(found)}"
        return found

    codes = await eventually(all_parked, deadline=30, every=0.5)
    assert codes.count("inattendu") <= 1, f"des raisons n'ont pas été trouvées : {sorted(codes)}"
    assert len(await ids_of(product, depositor.keys)) == 2 * NEIGHBOURS
    assert changed(before, await holdings(product, ids)) == []
    copies = Counter(r.key for r in await read_all(product.settings, topic.rebut) if r.value)
    often = {key: count for key, count in copies.items() if count > len(READERS[topic])}
    assert not often, f"mis à l'écart plus d'une fois par lecteur : {often}"


async def _plant(product: Product, topic: Topic, ids: list[str], chance: random.Random) -> int:
    """Append every kind of bad record to a topic; return how many."""
    sound = (await events_of(product, topic, ids))[0]
    headers = [(name, value) for name, value in sound.headers if name != "ce_sequence"]
    numbered = [*headers, ("ce_sequence", b"%020d" % 1)]
    assert sound.value is not None
    data: dict[str, Any] = {**orjson.loads(sound.value), "id": "poison"}
    values = [
        b"\xff\xfe\x00 pas du JSON",
        b"",
        None,
        sound.value[:-20],
        b"[1, 2]",
        b"[" * 100_000,
        chance.randbytes(ALMOST_A_MEGABYTE),
        orjson.dumps({**data, BODY[topic]: "du texte"}),
        orjson.dumps({**data, "sequence": "deux"}),
        orjson.dumps({**data, "sequence": BEYOND_64_BITS}),
        orjson.dumps({name: value for name, value in data.items() if name != "id"}),
    ]
    await write(product.settings, topic, values, headers=numbered)
    await write(product.settings, topic, [sound.value], headers=())
    await write(product.settings, topic, [sound.value], headers=headers)
    return len(values) + 2
