"""Events sent to their topics again, and the wait until all readers of these had them."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Final

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.structs import OffsetAndMetadata

from contracts.topics import FORMATIONS, OFFRES, PUBLICATIONS, Topic
from services.kernel import naming
from tests.support.kafka import partitions, read_all
from tests.support.polling import eventually
from tests.support.product import Product

Raw = ConsumerRecord[bytes, bytes]

READERS: Final[Mapping[Topic, tuple[str, ...]]] = {
    OFFRES: ("enrich-consumer",),
    FORMATIONS: ("search-indexer", "export-consumer"),
    PUBLICATIONS: ("search-indexer",),
}


async def events_of(product: Product, topic: Topic, ids: Collection[str]) -> list[Raw]:
    """Return what a topic says of some offers, in the order of its log."""
    wanted = {id_.encode() for id_ in ids}
    return [record for record in await read_all(product.settings, topic) if record.key in wanted]


async def publish_again(product: Product, topic: Topic, records: Sequence[Raw]) -> None:
    """Append records as they were read, in the order given."""
    producer = AIOKafkaProducer(bootstrap_servers=product.settings.kafka)
    await producer.start()
    try:
        for record in records:
            await producer.send(
                naming.topic(product.settings, topic),
                record.value,
                key=record.key,
                headers=list(record.headers),
                partition=record.partition,
            )
    finally:
        await producer.stop()


@asynccontextmanager
async def read_by(product: Product, topic: Topic, count: int) -> AsyncIterator[None]:
    """At the end of the block, wait until every reader of the topic has committed `count` more."""
    already = {name: await product.consumed(name, topic) for name in READERS[topic]}
    yield
    for name, before in already.items():
        await has_read(product, name, topic, before + count)


async def has_read(product: Product, process: str, topic: Topic, count: int) -> None:
    """Return once a consumer has committed this many records of a topic since it started."""

    async def read() -> bool:
        done = await product.consumed(process, topic)
        assert done >= count, f"{process} a lu {done} des {count} attendus de {topic.name}"
        return True

    await eventually(read, deadline=90, every=0.2)


async def rewind(product: Product, process: str, topics: Sequence[Topic]) -> None:
    """Bring the group of a stopped consumer back to the earliest records."""
    names = [naming.topic(product.settings, topic) for topic in topics]
    places = [
        TopicPartition(name, number)
        for name in names
        for number in await partitions(product.settings, name)
    ]
    consumer = AIOKafkaConsumer(
        bootstrap_servers=product.settings.kafka,
        group_id=product.group(process),
        enable_auto_commit=False,
    )
    await consumer.start()
    try:
        consumer.assign(places)
        earliest = await consumer.beginning_offsets(places)
        await consumer.commit({p: OffsetAndMetadata(at, "") for p, at in earliest.items()})
    finally:
        await consumer.stop()
