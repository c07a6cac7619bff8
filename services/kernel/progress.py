"""Whether a consumer advances: how much waits, and when it last committed something."""

import asyncio
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from services.kernel import telemetry
from services.kernel.health import Progress
from services.kernel.logs import logger

_EVERY_S: Final = 3.0
_ANSWER_S: Final = 5.0


class Advance:
    """Compares, every few seconds, the ends of the assigned partitions with what is committed.

    The ends are asked of the broker: a client that silently stopped fetching would believe in its
    own figures (aiokafka #1037).
    """

    def __init__(self, group: str, stalled_after_s: float) -> None:
        """Call it stalled when records wait and nothing was committed for `stalled_after_s`."""
        self._group = group
        self._stalled_after_s = stalled_after_s
        self._last = asyncio.get_running_loop().time()
        self._lag = 0
        self._reached = False
        self._in_flight: dict[TopicPartition, int] = {}
        self._told: set[TopicPartition] = set()
        self.assigned = 0

    def begin(self, firsts: dict[TopicPartition, int]) -> None:
        """Note that a batch is at work from these offsets on."""
        self._in_flight = firsts

    def end(self) -> None:
        """Note that the batch at work is over."""
        self._in_flight = {}

    def committed(self) -> None:
        """Note that a batch was committed."""
        self._last = asyncio.get_running_loop().time()

    async def watch(self, consumer: AIOKafkaConsumer) -> None:
        """Measure until cancelled."""
        while True:
            try:
                async with asyncio.timeout(_ANSWER_S):
                    await self._measure(consumer)
                self._reached = True
            except (KafkaError, TimeoutError) as error:
                self._reached = False
                logger.warning("kafka_injoignable", groupe=self._group, erreur=repr(error))
            await asyncio.sleep(_EVERY_S)

    async def _measure(self, consumer: AIOKafkaConsumer) -> None:
        places = list(consumer.assignment())
        self.assigned = len(places)
        ends = await consumer.end_offsets(places) if places else {}
        for place in self._told.difference(places):
            telemetry.LAG.remove(self._group, place.topic, str(place.partition))
        self._told = set(places)
        lag = 0
        for place, end in ends.items():
            at = self._in_flight.get(place)
            if at is None:
                at = await consumer.position(place)
            telemetry.LAG.labels(self._group, place.topic, str(place.partition)).set(
                max(0, end - at)
            )
            lag += max(0, end - at)
        if lag == 0:
            self._last = asyncio.get_running_loop().time()
        self._lag = lag

    async def check(self) -> None:
        """Raise unless Kafka answers and the group has given partitions to this process."""
        if not self._reached:
            raise ConnectionError("Kafka ne répond pas")
        if not self.assigned:
            raise RuntimeError("aucune partition attribuée")

    def report(self) -> Progress:
        """Tell whether commits advance while records wait."""
        idle = asyncio.get_running_loop().time() - self._last
        stalled = self._lag > 0 and idle > self._stalled_after_s
        detail = {"retard": self._lag, "partitions": self.assigned, "inactif_s": round(idle, 1)}
        return Progress(healthy=not stalled, detail=detail)
