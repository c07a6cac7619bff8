"""A member of a consumer group: FastStream fetches and commits, `recipe` decides.

- A batch is committed only after everything in it was applied or parked; else it is rewound.
- A record that cannot even be decoded reaches the handler as it is: FastStream's own parsing, on
  which one bad header would block a partition for ever, is replaced.
- Records are read once committed by their producer, from the earliest one for a new group.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, ConsumerRecord
from aiokafka import TopicPartition as Place
from faststream import AckPolicy, StreamMessage
from faststream.exceptions import NackMessage
from faststream.kafka import KafkaBroker
from faststream.kafka.message import KafkaAckableMessage
from faststream.kafka.subscriber.usecase import BatchSubscriber

from contracts.topics import Topic
from services.kernel import naming, telemetry
from services.kernel.clock import SystemClock
from services.kernel.events import Record
from services.kernel.gaps import Gaps
from services.kernel.health import Health, Progress
from services.kernel.line import Line
from services.kernel.logs import logger
from services.kernel.parking import Parking
from services.kernel.progress import Advance
from services.kernel.recipe import Handler, Recipe, Uncommitted
from services.kernel.settings import KernelSettings
from services.kernel.tracing import batch_span

_HEARTBEATS: Final = 3  # in a session

# Under FastStream's own name it would attach a handler; its warnings say what is meant to be so.
_broker_log: Final = logging.getLogger("services.kernel.broker")
_broker_log.setLevel(logging.ERROR)

Raw = tuple[ConsumerRecord[bytes, bytes], ...]


class Consumer:
    """One member of a consumer group, from `start` to `stop`; made inside the running loop."""

    def __init__(
        self, settings: KernelSettings, topics: Sequence[Topic], handler: Handler, *, group: str
    ) -> None:
        """Consume `topics` in the group of the service named `group`."""
        self._settings = settings
        self._group = naming.group(settings, group)
        self._names = {naming.topic(settings, topic): topic.name for topic in topics}
        self._parking = Parking(settings, self._group, SystemClock())
        self._line = Line(settings, self._group)
        self._recipe = Recipe(settings, self._group, handler, self._parking, self._line)
        self._gaps = Gaps(self._group)
        self._advance = Advance(self._group, settings.lot_delai_s)
        self._watch: asyncio.Task[None] | None = None
        self.health = Health(progress=self._progress)
        self.health.require("kafka", self._advance.check)
        self._broker = KafkaBroker(
            settings.kafka,
            client_id=self._group,
            consumer_only=True,
            allow_auto_create_topics=False,
            apply_types=False,
            graceful_timeout=settings.arret_max_s,
            logger=_broker_log,
        )
        self._subscriber = self._subscribe()

    async def start(self) -> None:
        """Join the group and begin to consume; returns once it gave its partitions.

        Raises:
            KafkaError: the broker or a topic is not there; may be called again.
        """
        try:
            await self._broker.start()
        except BaseException:
            await self._broker.stop()
            raise
        self._watch = asyncio.create_task(self._advance.watch(self._client))

    async def stop(self) -> None:
        """Finish the batch at work, commit it, leave the group. Waits and retries end at once."""
        self._recipe.stopping.set()
        if self._watch is not None:
            self._watch.cancel()
        await self._broker.stop()
        await self._parking.close()
        await self._line.close()

    @property
    def _client(self) -> AIOKafkaConsumer:
        client = self._subscriber.consumer
        if client is None:
            raise ConnectionError("le consommateur n'est pas démarré")
        return client

    def _subscribe(self) -> BatchSubscriber:
        settings = self._settings
        subscriber = self._broker.subscriber(
            *self._names,
            batch=True,
            group_id=self._group,
            ack_policy=AckPolicy.NACK_ON_ERROR,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            max_records=settings.lot_max,
            max_partition_fetch_bytes=settings.lot_partition_octets_max,
            batch_timeout_ms=settings.lot_attente_ms,
            max_poll_interval_ms=int(settings.scrutation_max_s * 1000),
            session_timeout_ms=int(settings.session_s * 1000),
            heartbeat_interval_ms=int(settings.session_s * 1000 / _HEARTBEATS),
            listener=_Listener(self._on_assigned),
            parser=self._parse,
            decoder=_raw,
            no_reply=True,
        )
        subscriber(self._on_batch)
        return subscriber

    async def _parse(self, raw: Raw) -> KafkaAckableMessage:
        return _Batch(raw, self._client, self._on_commit)

    async def _on_batch(self, raw: Raw) -> None:
        names = self._names
        records = [
            Record(names[r.topic], r.partition, r.offset, r.timestamp, r.key, r.headers, r.value)
            for r in raw
        ]
        # A batch comes partition by partition, each in order: this keeps the first of each.
        firsts = {Place(r.topic, r.partition): r.offset for r in reversed(raw)}
        self._advance.begin(firsts)
        try:
            await self._gaps.on_batch(self._client, firsts)
            with (
                batch_span(f"consommer {self._group}", [r.traceparent for r in records]),
                telemetry.BATCH_SECONDS.labels(self._group).time(),
            ):
                await self._recipe.process(records)
        except Uncommitted as error:
            await self._give_up(error.cause)
        except Exception as error:  # noqa: BLE001 - the kernel's own fault must not loop hot
            logger.exception("lot_abandonne", groupe=self._group)
            await asyncio.sleep(self._settings.reprise_max_s)
            await self._give_up(type(error).__name__)
        finally:
            self._advance.end()
            self._subscriber.max_records = self._recipe.batch_max

    async def _on_assigned(self, assigned: set[Place]) -> None:
        await self._gaps.on_assigned(self._client, assigned)

    async def _give_up(self, cause: str) -> None:
        telemetry.UNCOMMITTED.labels(self._group, cause).inc()
        raise NackMessage

    def _on_commit(self, raw: Raw) -> None:
        self._advance.committed()
        for place, last in {Place(r.topic, r.partition): r.offset for r in raw}.items():
            self._gaps.read(place, last + 1)
        telemetry.BATCHES.labels(self._group).inc()
        now = SystemClock().now().timestamp()
        for topic, count in Counter(r.topic for r in raw).items():
            name = self._names[topic]
            oldest = next(r for r in raw if r.topic == topic)
            telemetry.RECORDS.labels(self._group, name).inc(count)
            age = max(0.0, now - oldest.timestamp / 1000)
            telemetry.END_TO_END_SECONDS.labels(self._group, name).observe(age)

    def _progress(self) -> Progress:
        told = self._advance.report()
        gaps = [
            {"topic": g.topic, "partition": g.partition, "premier": g.first, "dernier": g.last}
            for g in self._gaps.found
        ]
        detail = {**told.detail, "ligne_arretee": self._line.stopped, "trous": gaps}
        return Progress(told.healthy, detail)


class _Batch(KafkaAckableMessage):
    """A batch as FastStream holds it: committed as a whole, nothing of it parsed."""

    def __init__(
        self, raw: Raw, client: AIOKafkaConsumer, on_commit: Callable[[Raw], None]
    ) -> None:
        super().__init__(raw, b"", correlation_id="-", message_id="-", consumer=client)
        self._raw = raw
        self._on_commit = on_commit

    async def ack(self) -> None:
        """Commit, and only then say so; FastStream logs and swallows a failure."""
        await super().ack()
        self._on_commit(self._raw)


class _Listener(ConsumerRebalanceListener):
    def __init__(self, on_assigned: Callable[[set[Place]], Awaitable[None]]) -> None:
        self._on_assigned = on_assigned

    async def on_partitions_revoked(self, revoked: set[Place]) -> None:
        """Need nothing: a batch at work is idempotent, its commit will be refused."""

    async def on_partitions_assigned(self, assigned: set[Place]) -> None:
        """Look for what expired meanwhile, before anything is fetched."""
        await self._on_assigned(assigned)


async def _raw(message: StreamMessage[Raw]) -> Raw:
    return message.raw_message
