"""Kafka's producing side: how producers are made, and how a batch of messages is brought there.

Acks from all in-sync replicas, idempotent, zstd (aiokafka's lz4 is that of the highest level: five
times the work, and half as much again to carry). Messages are packed per partition here rather than
sent one by one: a future and a lock per message cost more than the message.
"""

import asyncio
from collections.abc import Iterable
from typing import Final, NamedTuple

from aiokafka import AIOKafkaProducer
from aiokafka.errors import UnknownTopicOrPartitionError
from aiokafka.partitioner import murmur2
from aiokafka.producer.message_accumulator import BatchBuilder

from services.kernel.events import Event, Headers, event_headers
from services.kernel.naming import topic as topic_name
from services.kernel.settings import KernelSettings

_BATCH_BYTES: Final = 512 * 1024
_REQUEST_TIMEOUT_MS: Final = 15_000
_START_TIMEOUT_S: Final = 30.0
_TRANSACTION_TIMEOUT_MS: Final = 30_000  # so long can a dead producer hold its readers up


class Message(NamedTuple):
    """What one record will hold; `topic` is the name on the broker."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers


def message(settings: KernelSettings, event: Event, source: bytes) -> Message:
    """Return an event as it goes to the broker, published by `source`."""
    return Message(
        topic_name(settings, event.topic),
        event.key.encode(),
        event.data,
        event_headers(event, source),
    )


async def start_producer(
    settings: KernelSettings, client_id: str, *, transactional_id: str | None = None
) -> AIOKafkaProducer:
    """Return a started producer; with a `transactional_id`, all earlier ones of it are fenced.

    Their open transaction is aborted and their decided one completed before this returns. The
    caller stops the producer.

    Raises:
        KafkaError, TimeoutError: the broker is not there; transient.
    """
    producer = AIOKafkaProducer(
        bootstrap_servers=settings.kafka,
        client_id=client_id,
        acks="all",
        enable_idempotence=True,
        transactional_id=transactional_id,
        transaction_timeout_ms=_TRANSACTION_TIMEOUT_MS,
        compression_type="zstd",
        max_batch_size=_BATCH_BYTES,
        request_timeout_ms=_REQUEST_TIMEOUT_MS,
    )
    try:
        async with asyncio.timeout(_START_TIMEOUT_S):
            await producer.start()
    except BaseException:
        await producer.stop()
        raise
    return producer


async def send_all(producer: AIOKafkaProducer, messages: Iterable[Message]) -> int:
    """Send `messages`, in order per partition; return their number once all are acknowledged.

    In a transaction they become readable at its commit. Messages of one key go to one partition,
    the one that Kafka's own clients choose.

    Raises:
        KafkaError: at least one is not, or not surely, in the log. The producer must be replaced
            before more is sent if order matters.
    """
    sending = _Sending(producer)
    count = 0
    for count, (topic, key, value, headers) in enumerate(messages, 1):  # noqa: B007
        place = topic, murmur2(key or b"") % 0x80000000 % await sending.partitions(topic)
        while not sending.append(place, key, value, headers):
            await sending.submit(place)
    await sending.finish()
    return count


class _Sending:
    def __init__(self, producer: AIOKafkaProducer) -> None:
        self._producer = producer
        self._counts: dict[str, int] = {}
        self._filling: dict[tuple[str, int], BatchBuilder] = {}
        self._sent: list[asyncio.Future[object]] = []

    async def partitions(self, topic: str) -> int:
        count = self._counts.get(topic)
        if count is None:
            known = await self._producer.partitions_for(topic)
            if not known:
                raise UnknownTopicOrPartitionError(topic)
            count = self._counts[topic] = len(known)
        return count

    def append(
        self, place: tuple[str, int], key: bytes | None, value: bytes | None, headers: Headers
    ) -> bool:
        builder = self._filling.get(place)
        if builder is None:
            builder = self._filling[place] = self._producer.create_batch()
        added = builder.append(timestamp=None, key=key, value=value, headers=headers)
        return added is not None

    async def submit(self, place: tuple[str, int]) -> None:
        builder = self._filling.pop(place)
        builder.close()
        topic, partition = place
        self._sent.append(await self._producer.send_batch(builder, topic, partition=partition))

    async def finish(self) -> None:
        for place in list(self._filling):
            await self.submit(place)
        results = await asyncio.gather(*self._sent, return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                raise result
