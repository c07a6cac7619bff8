"""The floor of a decision: the same writes in one journaled transaction, then one event in Kafka.

One offer at a time, with nothing but the drivers: the offer replaced, the decision and the chunk
of the outbox inserted; the event produced with acks=all and read by a consumer that waits for it.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from bson import encode
from pymongo import AsyncMongoClient, WriteConcern
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.database import AsyncDatabase

from benchmarks.figure import Latency
from services.kernel import naming
from services.kernel.settings import KernelSettings

_SCRATCH = "plancher_decision"
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class DecisionFloor:
    """From the first write until the commit, and until the event was read."""

    written: Latency
    told: Latency


async def measure(settings: KernelSettings, repeats: int) -> DecisionFloor:
    """Time this many decisions on offers of the installation, in a place of their own."""
    async with AsyncMongoClient[Document](settings.mongo) as client:
        export = client[naming.database(settings, "export")]
        offers = await export["formations"].find({"affiche": {"$ne": {}}}).to_list(repeats)
        scratch = client[_SCRATCH]
        for name in ("formations", "decisions", "outbox"):
            await scratch.create_collection(name)
        await scratch["formations"].insert_many(offers)
        try:
            return await _time(settings.kafka, scratch, offers)
        finally:
            await client.drop_database(_SCRATCH)


async def _time(
    kafka: str, scratch: AsyncDatabase[Document], offers: Sequence[Document]
) -> DecisionFloor:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    await admin.create_topics([NewTopic(_SCRATCH, 1, 1)])
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all", enable_idempotence=True)
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, auto_offset_reset="earliest")
    await producer.start()
    await consumer.start()
    consumer.assign([TopicPartition(_SCRATCH, 0)])
    written, told = [], []
    try:
        await producer.send_and_wait(_SCRATCH, b"")  # a new topic has no leader yet: not timed
        await consumer.getone()
        for offer in offers:
            started = time.perf_counter()
            await _write(scratch, offer)
            written.append(time.perf_counter() - started)
            await producer.send_and_wait(_SCRATCH, encode(offer["publication"]))
            await consumer.getone()
            told.append(time.perf_counter() - started)
    finally:
        await consumer.stop()
        await producer.stop()
        await admin.delete_topics([_SCRATCH])
        await admin.close()
    return DecisionFloor(Latency.of(written), Latency.of(told))


async def _write(scratch: AsyncDatabase[Document], offer: Mapping[str, Any]) -> None:
    async def work(session: AsyncClientSession) -> None:
        await scratch["formations"].replace_one({"_id": offer["_id"]}, offer, session=session)
        await scratch["decisions"].insert_one({"formation": offer["_id"]}, session=session)
        chunk = {"bloc": encode(offer["publication"])}
        await scratch["outbox"].insert_one(chunk, session=session)

    async with scratch.client.start_session() as session:
        await session.with_transaction(work, write_concern=WriteConcern(w="majority", j=True))
