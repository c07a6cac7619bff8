"""Handlers for tests of the consumer, and consumers that always stop."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from contracts.topics import Topic
from services.kernel.consumer import Consumer, Handler, Parked, decode
from services.kernel.events import Record
from services.kernel.settings import KernelSettings

GROUP = "essai"


class Recorder:
    """Parks what `decode` refuses, remembers the rest; `before` may raise or wait."""

    def __init__(self, before: Callable[[Sequence[Record]], object] = lambda _: None) -> None:
        self.applied: list[bytes] = []
        self.places: list[str] = []
        self.calls: list[int] = []
        self.before = before

    async def handle(self, records: Sequence[Record]) -> Sequence[Parked]:
        self.calls.append(len(records))
        waited = self.before(records)
        if hasattr(waited, "__await__"):
            await waited
        events, parked = decode(records)
        self.applied += [record.key or b"" for record, _ in events]
        self.places += [record.position for record, _ in events]
        return parked


@asynccontextmanager
async def consuming(
    settings: KernelSettings, handler: Handler, *topics: Topic, group: str = GROUP
) -> AsyncIterator[Consumer]:
    """Consume `topics` inside the block."""
    consumer = Consumer(settings, topics, handler, group=group)
    await consumer.start()
    try:
        yield consumer
    finally:
        await consumer.stop()
