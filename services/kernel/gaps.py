"""What expired before it was read: a consumer away for longer than the retention of a topic.

It resumes at the earliest record that is left; what lies between is lost to it and must be
repaired by reconciliation, so its bounds are told (metric, log, `/avancement-technique`).
"""

from dataclasses import dataclass
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition

from services.kernel import telemetry
from services.kernel.logs import logger

_KEPT: Final = 100


@dataclass(frozen=True, slots=True)
class Gap:
    """Offsets `first` to `last`, both included, that were never read."""

    topic: str
    partition: int
    first: int
    last: int


class Gaps:
    """The gaps that one consumer met since it started, newest last."""

    def __init__(self, group: str) -> None:
        """Watch for `group`."""
        self._group = group
        self._expected: dict[TopicPartition, int] = {}
        self.found: list[Gap] = []

    async def on_assigned(self, consumer: AIOKafkaConsumer, places: set[TopicPartition]) -> None:
        """Compare the commits of newly assigned partitions with what is left of them."""
        self._expected.clear()
        if not places:
            return
        earliest = await consumer.beginning_offsets(list(places))
        for place in places:
            committed = await consumer.committed(place)
            if committed is not None:
                self._expected[place] = committed
                self._compare(place, committed, earliest[place])

    async def on_batch(self, consumer: AIOKafkaConsumer, bounds: dict[TopicPartition, int]) -> None:
        """Look at the first offset of a batch per partition: a leap may be an expiry.

        Transactions leave one unused offset each and compaction many, so a leap alone proves
        nothing: the start of the log is asked for.
        """
        leaps = [p for p, first in bounds.items() if first > self._expected.get(p, first) + 1]
        if leaps:
            earliest = await consumer.beginning_offsets(leaps)
            for place in leaps:
                self._compare(place, self._expected[place], earliest[place])

    def read(self, place: TopicPartition, following: int) -> None:
        """Note that everything before `following` is committed."""
        self._expected[place] = following

    def _compare(self, place: TopicPartition, expected: int, earliest: int) -> None:
        if earliest <= expected:
            return
        gap = Gap(place.topic, place.partition, expected, earliest - 1)
        self.found = [*self.found, gap][-_KEPT:]
        self._expected[place] = earliest
        telemetry.GAP_RECORDS.labels(self._group, place.topic).inc(earliest - expected)
        logger.error(
            "trou",
            groupe=self._group,
            topic=place.topic,
            partition=place.partition,
            premier=gap.first,
            dernier=gap.last,
            que_faire="`catalogue reconcilier`",
        )
