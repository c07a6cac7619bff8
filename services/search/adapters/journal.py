"""The compacted topics read as a whole: they hold the full state of everything (decision 2)."""

from collections.abc import AsyncIterator, Collection, Sequence
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.partitioner import murmur2

from contracts.topics import Topic
from services.kernel import naming
from services.kernel.errors import Retry
from services.kernel.events import Record
from services.kernel.settings import KernelSettings
from services.kernel.topics_admin import describe_topics

_ATTENTE_MS: Final = 500
_SILENCE_MAX: Final = 60
_LOT: Final = 1_000

Positions = dict[tuple[str, int], int]
"""The offset after the last record, by declared topic and partition."""


class Journal:
    """Topics from their earliest record to where they ended when this was opened.

    Reads without a group: nothing is committed, nobody else is disturbed.
    """

    def __init__(self, settings: KernelSettings, topics: Sequence[Topic]) -> None:
        """Read these topics."""
        self._settings = settings
        self._par_nom = {naming.topic(settings, topic): topic for topic in topics}
        self._consumer: AIOKafkaConsumer | None = None
        self._fins: dict[TopicPartition, int] = {}

    async def ouvrir(self) -> Positions:
        """Connect and record where each partition ends now; returns those positions."""
        self._consumer = AIOKafkaConsumer(
            bootstrap_servers=self._settings.kafka,
            isolation_level="read_committed",
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_partition_fetch_bytes=8 * 1024 * 1024,
        )
        await self._consumer.start()
        places = await self._places()
        self._consumer.assign(places)
        self._fins = await self._consumer.end_offsets(places)
        await self._consumer.seek_to_beginning(*places)
        return {
            (self._par_nom[place.topic].name, place.partition): fin
            for place, fin in self._fins.items()
        }

    async def lots(self, cles: Collection[str] | None = None) -> AsyncIterator[list[Record]]:
        """Yield every record up to the recorded ends, in order per partition.

        With `cles`, only the records of these keys, and only their partitions are read.
        Raises `Retry` when the broker stays silent before the ends are reached.
        """
        consumer = self._ouvert()
        voulues = None if cles is None else {cle.encode() for cle in cles}
        if voulues is not None:
            self._restreindre(voulues)
        silences = 0
        while await self._reste():
            recus = await consumer.getmany(timeout_ms=_ATTENTE_MS, max_records=_LOT)
            silences = 0 if recus else silences + 1
            if silences > _SILENCE_MAX:
                raise Retry("Kafka ne donne plus rien avant la fin relevée des sujets")
            lot = [
                self._record(message)
                for messages in recus.values()
                for message in messages
                if voulues is None or message.key in voulues
            ]
            if lot:
                yield lot

    async def fermer(self) -> None:
        """Disconnect; idempotent."""
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            await consumer.stop()

    async def _places(self) -> list[TopicPartition]:
        connus = await describe_topics(self._settings, list(self._par_nom.values()))
        if absents := [connu.name for connu in connus if not connu.partitions]:
            raise Retry(f"sujets absents : {', '.join(absents)}")
        return [TopicPartition(c.name, numero) for c in connus for numero in range(c.partitions)]

    def _restreindre(self, voulues: Collection[bytes]) -> None:
        nombres: dict[str, int] = {}
        for place in self._fins:
            nombres[place.topic] = nombres.get(place.topic, 0) + 1
        utiles = {
            place: fin
            for place, fin in self._fins.items()
            if place.partition
            in {murmur2(cle) % 0x80000000 % nombres[place.topic] for cle in voulues}
        }
        inutiles = self._fins.keys() - utiles.keys()
        self._fins = utiles
        if inutiles:
            self._ouvert().pause(*inutiles)

    async def _reste(self) -> bool:
        """Tell whether a partition is still before its end; one that is not is paused."""
        consumer = self._ouvert()
        reste = False
        for place, fin in self._fins.items():
            if await consumer.position(place) >= fin:
                consumer.pause(place)
            else:
                reste = True
        return reste

    def _record(self, message) -> Record:  # type: ignore[no-untyped-def]  # noqa: ANN001
        return Record(
            self._par_nom[message.topic].name,
            message.partition,
            message.offset,
            message.timestamp,
            message.key,
            message.headers,
            message.value,
        )

    def _ouvert(self) -> AIOKafkaConsumer:
        if self._consumer is None:
            raise RuntimeError("le journal n'est pas ouvert")
        return self._consumer
