"""Reading and writing topics in tests, without any of the code under test."""

import asyncio
from collections.abc import Iterable, Sequence

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from contracts.topics import Topic
from services.kernel import naming
from services.kernel.settings import KernelSettings

Read = list[ConsumerRecord[bytes, bytes]]
EVENT = [("ce_id", b"x.1"), ("ce_type", b"x"), ("ce_sequence", b"%020d" % 1)]


async def read_all(settings: KernelSettings, topic: Topic, *, committed: bool = True) -> Read:
    """Return what a topic holds now, partition by partition."""
    name = naming.topic(settings, topic)
    consumer = AIOKafkaConsumer(
        bootstrap_servers=settings.kafka,
        isolation_level="read_committed" if committed else "read_uncommitted",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        max_partition_fetch_bytes=8 * 1024 * 1024,
    )
    await consumer.start()
    try:
        numbers = await partitions(settings, name)
        places = [TopicPartition(name, number) for number in numbers]
        consumer.assign(places)
        ends = await consumer.end_offsets(places)
        found: Read = []
        async with asyncio.timeout(30):
            while any([await consumer.position(place) < ends[place] for place in places]):
                for records in (await consumer.getmany(timeout_ms=200)).values():
                    found += records
    finally:
        await consumer.stop()
    return sorted(found, key=lambda record: (record.partition, record.offset))


async def partitions(settings: KernelSettings, name: str) -> list[int]:
    """Return the partitions of a topic, by its name on the broker."""
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.kafka)
    await admin.start()
    try:
        (described,) = await admin.describe_topics([name])
    finally:
        await admin.close()
    return [entry["partition"] for entry in described["partitions"]]


async def write(
    settings: KernelSettings,
    topic: Topic,
    values: Iterable[bytes | None],
    *,
    headers: Sequence[tuple[str, bytes]] = tuple(EVENT),
    partition: int | None = None,
) -> None:
    """Append raw values to a topic, keyed k0, k1 and so on."""
    producer = AIOKafkaProducer(bootstrap_servers=settings.kafka, linger_ms=20)
    await producer.start()
    try:
        sent = [
            await producer.send(
                naming.topic(settings, topic),
                value,
                key=b"k%d" % number,
                headers=list(headers),
                partition=partition,
            )
            for number, value in enumerate(values)
        ]
        await asyncio.gather(*sent)
    finally:
        await producer.stop()


async def committed(settings: KernelSettings, topic: Topic, group: str) -> dict[int, int]:
    """Return the committed offset of a service's group, by partition."""
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.kafka)
    await admin.start()
    try:
        offsets = await admin.list_consumer_group_offsets(naming.group(settings, group))
    finally:
        await admin.close()
    name = naming.topic(settings, topic)
    return {place.partition: said.offset for place, said in offsets.items() if place.topic == name}
