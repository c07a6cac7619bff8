"""What an operator does with parked records: list them, send them again, let a stopped line go."""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition

from contracts.topics import TOPICS, Topic
from services.kernel import naming, telemetry
from services.kernel.clock import SystemClock
from services.kernel.events import Headers
from services.kernel.kafka import Message, send_all, start_producer
from services.kernel.line import reprises
from services.kernel.mongo import Client
from services.kernel.parking import PREFIX, origin
from services.kernel.settings import KernelSettings
from services.kernel.topics_admin import REBUT_BYTES_MAX, describe_topics

_POLL_MS: Final = 500


@dataclass(frozen=True, slots=True)
class ParkedEntry:
    """A parked record: `id` is its origin, `topic/partition/offset`; the rest as it was read."""

    id: str
    topic: str
    code: str
    reason: str
    group: str
    parked_at: datetime
    key: bytes | None
    headers: Headers
    value: bytes | None


async def list_parked(
    settings: KernelSettings, topics: Sequence[Topic] = TOPICS
) -> list[ParkedEntry]:
    """Return the records now parked for `topics`, oldest first, each once."""
    entries: dict[str, ParkedEntry] = {}
    async for topic, key, value, headers in _read_all(settings, topics):
        entries.pop(key, None)
        if value is not None:
            entries[key] = _entry(topic, key, value, headers)
    return list(entries.values())


async def redrive(settings: KernelSettings, ids: Collection[str]) -> list[str]:
    """Send parked records again to the topic that they came from; return the ids sent.

    In one Kafka transaction the record returns to its topic, with its own key and headers, and
    its entry is erased by a tombstone: both or neither. Records go in the order of their offsets.
    Unknown ids are left out. A re-drive begun elsewhere at the same time is fenced.

    Raises:
        KafkaError: nothing was sent.
    """
    wanted = set(ids)
    # Fences a concurrent re-drive before the entries are read: none is sent by both.
    producer = await start_producer(
        settings,
        "rebuts",
        transactional_id=naming.transactional_id(settings, "rebuts"),
    )
    try:
        chosen = [entry for entry in await list_parked(settings) if entry.id in wanted]
        chosen.sort(key=_place)
        if chosen:
            async with producer.transaction():
                await send_all(producer, [m for entry in chosen for m in _moves(settings, entry)])
    finally:
        await producer.stop()
    for entry in chosen:
        telemetry.REDRIVEN.labels(entry.topic).inc()
    return [entry.id for entry in chosen]


async def resume(client: Client, settings: KernelSettings, service: str) -> None:
    """Let the stopped line of a service go on.

    The bad records now in its topics are parked however many they are; the line stops again for
    as many that come later. Nothing happens to a line that is not stopped.
    """
    ends = await _ends(settings, TOPICS)
    await reprises(client, settings).replace_one(
        {"_id": naming.group(settings, service)},
        {"jusqua": ends, "le": SystemClock().now()},
        upsert=True,
    )


def _place(entry: ParkedEntry) -> tuple[str, int, int]:
    topic, partition, offset = entry.id.rsplit("/", 2)
    return topic, int(partition), int(offset)


def _moves(settings: KernelSettings, entry: ParkedEntry) -> tuple[Message, Message]:
    topic = origin(entry.topic)
    back = Message(naming.topic(settings, topic), entry.key, entry.value, entry.headers)
    return back, Message(naming.topic(settings, topic.rebut), entry.id.encode(), None, [])


async def _read_all(
    settings: KernelSettings, topics: Sequence[Topic]
) -> AsyncIterator[tuple[str, str, bytes | None, dict[str, bytes]]]:
    names = {naming.topic(settings, topic.rebut): topic for topic in topics}
    places = [
        TopicPartition(name, number)
        for name, topic in names.items()
        for number in range(topic.rebut.partitions)
    ]
    consumer = AIOKafkaConsumer(
        bootstrap_servers=settings.kafka,
        isolation_level="read_committed",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        max_partition_fetch_bytes=REBUT_BYTES_MAX,
    )
    await consumer.start()
    try:
        consumer.assign(places)
        ends = await consumer.end_offsets(places)
        while any([await consumer.position(place) < ends[place] for place in places]):
            for place, records in (await consumer.getmany(timeout_ms=_POLL_MS)).items():
                for record in records:
                    key = (record.key or b"").decode()
                    yield names[place.topic].name, key, record.value, dict(record.headers)
    finally:
        await consumer.stop()


async def _ends(settings: KernelSettings, topics: Sequence[Topic]) -> dict[str, dict[str, int]]:
    states = zip(topics, await describe_topics(settings, topics), strict=True)
    origins = {
        TopicPartition(state.name, number): topic.name
        for topic, state in states
        for number in range(state.partitions)
    }
    consumer = AIOKafkaConsumer(bootstrap_servers=settings.kafka)
    await consumer.start()
    try:
        ends = await consumer.end_offsets(list(origins))
    finally:
        await consumer.stop()
    told: dict[str, dict[str, int]] = {}
    for place, end in ends.items():
        told.setdefault(origins[place], {})[str(place.partition)] = end
    return told


def _entry(topic: str, key: str, value: bytes, headers: dict[str, bytes]) -> ParkedEntry:
    def said(name: str) -> str:
        return headers.get(PREFIX + name, b"").decode()

    return ParkedEntry(
        id=key,
        topic=topic,
        code=said("code"),
        reason=said("raison"),
        group=said("groupe"),
        parked_at=datetime.fromisoformat(said("le")),
        key=headers.get(f"{PREFIX}cle"),
        headers=[(name, text) for name, text in headers.items() if not name.startswith(PREFIX)],
        value=None if f"{PREFIX}sans_valeur" in headers else value,
    )
