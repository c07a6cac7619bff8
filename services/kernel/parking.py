"""Records set aside: published to the dead-letter topic of their topic, whole and with the reason.

Keyed by origin (`topic/partition/offset`) on a compacted topic, so that a record parked again
after a kill is still one entry. The original key, headers and value are kept byte for byte.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from contracts.topics import TOPICS, Topic
from services.kernel import naming, telemetry
from services.kernel.clock import Clock
from services.kernel.errors import Retry
from services.kernel.events import Headers, Record
from services.kernel.kafka import Message, send_all, start_producer
from services.kernel.settings import KernelSettings

PREFIX: Final = "rebut_"
_BY_NAME: Final = {topic.name: topic for topic in TOPICS}


@dataclass(frozen=True, slots=True)
class Parked:
    """A record that a handler could not apply: a stable code, and why, in French."""

    record: Record
    code: str
    reason: str


class Parking:
    """Sets records of one consumer group aside."""

    def __init__(self, settings: KernelSettings, group: str, clock: Clock) -> None:
        """Park in the name of `group`; nothing is connected before the first record."""
        self._settings = settings
        self._group = group
        self._clock = clock
        self._lock = asyncio.Lock()
        self._producer: AIOKafkaProducer | None = None

    async def publish(self, parked: Sequence[Parked]) -> None:
        """Return once every record is in its dead-letter topic, on all in-sync replicas.

        Raises:
            Retry: some may not be. Nothing may then be committed: a record is never dropped.
        """
        if not parked:
            return
        messages = [self._message(item) for item in parked]
        async with self._lock:
            try:
                if self._producer is None:
                    self._producer = await start_producer(self._settings, f"{self._group}.rebut")
                await send_all(self._producer, messages)
            except (KafkaError, TimeoutError) as error:
                await self._drop_producer()
                raise Retry(f"mise à l'écart impossible : {error!r}") from error
        for item in parked:
            telemetry.PARKED.labels(self._group, item.record.topic, item.code).inc()

    async def close(self) -> None:
        """Disconnect; idempotent."""
        async with self._lock:
            await self._drop_producer()

    async def _drop_producer(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            await producer.stop()

    def _message(self, item: Parked) -> Message:
        record = item.record
        said = {
            "code": item.code,
            "raison": item.reason,
            "groupe": self._group,
            "le": self._clock.now().isoformat(),
            "horodatage": str(record.timestamp_ms),
        }
        headers: Headers = record.header_list
        headers += [(PREFIX + name, text.encode()) for name, text in said.items()]
        if record.key is not None:
            headers.append((f"{PREFIX}cle", record.key))
        if record.value is None:  # a null value would be a tombstone of the entry
            headers.append((f"{PREFIX}sans_valeur", b"1"))
        return Message(
            naming.topic(self._settings, origin(record.topic).rebut),
            record.position.encode(),
            record.value or b"",
            headers,
        )


def origin(name: str) -> Topic:
    """Return the declared topic of that name."""
    return _BY_NAME[name]
