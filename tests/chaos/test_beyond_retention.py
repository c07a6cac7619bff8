"""A consumer away for longer than the retention resumes, tells the gap, and is made whole again."""

import asyncio
import json
from typing import Any, Final

import httpx
import pytest
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete

from contracts.portees import Role
from contracts.topics import OFFRES
from services.kernel import naming
from tests.support.depositor import Depositor
from tests.support.exemple import nouvelles
from tests.support.kafka import committed, partitions
from tests.support.polling import eventually
from tests.support.product import Product
from tests.support.stores import ids_of, sequences

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(180)]

FIRST: Final = 200
LOST: Final = 150
LATER: Final = 40
TO_THE_END: Final = -1

Bounds = set[tuple[int, int, int]]


async def test_the_gap_is_alarmed_with_its_bounds_and_repaired(product: Product) -> None:
    offers = nouvelles(FIRST + LOST + LATER)
    async with product.client("collect-api", Role.DEPOSANT) as collect:
        await Depositor(collect).surely(offers[:FIRST])
        await product.agree()
        await product.stop("enrich-consumer")
        lost, later = Depositor(collect), Depositor(collect)
        await lost.surely(offers[FIRST : FIRST + LOST])
        lost_ids = await ids_of(product, lost.keys)
        await eventually(lambda: _told(product, lost_ids), deadline=30)
        expected = await _expire(product)
        await later.surely(offers[FIRST + LOST :])
        await product.revive("enrich-consumer")

    await eventually(lambda: _held(product, later), deadline=60)
    await _assert_alarmed(product, expected)
    await eventually(lambda: _only_these_differ(product, lost_ids), deadline=30, every=0.5)

    code, said = await product.command("reconcilier")
    assert code == 0, said
    await product.agree()
    await _held(product, lost)


async def _told(product: Product, ids: list[str]) -> bool:
    told = await sequences(product, OFFRES)
    missing = [id_ for id_ in ids if id_ not in told]
    assert not missing, f"{len(missing)} offres ne sont pas encore dans le topic"
    return True


async def _held(product: Product, depositor: Depositor) -> bool:
    formations = product.store.database("catalogue")["formations"]
    ids = await ids_of(product, depositor.keys)
    count = await formations.count_documents({"_id": {"$in": ids}})
    assert count == len(depositor.keys), f"{len(depositor.keys) - count} offres ne sont pas là"
    return True


async def _only_these_differ(product: Product, ids: list[str]) -> bool:
    found = set(await product.differences())
    expected = {f"{id_} collect→enrich absente" for id_ in ids}
    assert found == expected, f"de trop {found - expected}, non trouvés {expected - found}"
    return True


async def _expire(product: Product) -> Bounds:
    """Delete all that the topic holds; return what enrich thus misses, by partition."""
    name = naming.topic(product.settings, OFFRES)
    read = await committed(product.settings, OFFRES, "enrich")
    places = [TopicPartition(name, number) for number in await partitions(product.settings, name)]
    admin = AIOKafkaAdminClient(bootstrap_servers=product.settings.kafka)
    await admin.start()
    try:
        earliest = await admin.delete_records(dict.fromkeys(places, RecordsToDelete(TO_THE_END)))
    finally:
        await admin.close()
    return {
        (place.partition, read[place.partition], start - 1)
        for place, start in earliest.items()
        if read.get(place.partition, start) < start
    }


async def _assert_alarmed(product: Product, expected: Bounds) -> None:
    """The gap is told by the metric, by the health route and by the log, with the same bounds."""
    count = await product.metric("enrich-consumer", "catalogue_consumer_gap_records_total")
    assert count == sum(last - first + 1 for _, first, last in expected)
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"{product.fleet.url('enrich-consumer')}/avancement-technique")
    assert _bounds(answer.json()["trous"]) == expected
    logged = [json.loads(line) for line in await asyncio.to_thread(product.log, "enrich-consumer")]
    assert _bounds([line for line in logged if line["event"] == "trou"]) == expected


def _bounds(told: list[dict[str, Any]]) -> Bounds:
    return {(one["partition"], one["premier"], one["dernier"]) for one in told}
