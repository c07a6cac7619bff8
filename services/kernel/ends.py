"""Where the topics end now: what an operator's order counts from."""

from collections.abc import Sequence

from aiokafka import AIOKafkaConsumer, TopicPartition

from contracts.topics import TOPICS, Topic
from services.kernel import naming
from services.kernel.settings import KernelSettings


async def end_offsets(
    settings: KernelSettings, topics: Sequence[Topic] = TOPICS
) -> dict[str, dict[str, int]]:
    """Return, by declared topic name and partition, the offset that the next record will have.

    Topics that do not exist yet are left out. Raises the client's `KafkaError`, transient, when the
    broker is not there.
    """
    consumer = AIOKafkaConsumer(bootstrap_servers=settings.kafka, enable_auto_commit=False)
    await consumer.start()
    try:
        existing = await consumer.topics()
        places: dict[TopicPartition, str] = {}
        for topic in topics:
            name = naming.topic(settings, topic)
            if name in existing:
                numbers = consumer.partitions_for_topic(name) or ()
                places |= {TopicPartition(name, number): topic.name for number in numbers}
        found = await consumer.end_offsets(list(places)) if places else {}
    finally:
        await consumer.stop()
    ends: dict[str, dict[str, int]] = {}
    for place, offset in found.items():
        ends.setdefault(places[place], {})[str(place.partition)] = offset
    return ends
