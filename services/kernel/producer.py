"""Publishing without an outbox, for a service that has no database (search's `avancement`)."""

import asyncio
from collections.abc import Sequence

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from services.kernel import events as ce
from services.kernel.errors import Retry
from services.kernel.events import Event
from services.kernel.kafka import message, send_all, start_producer
from services.kernel.settings import KernelSettings


class DirectPublisher:
    """An idempotent producer; what it publishes must be fit to be published twice.

    Nothing is connected before the first `publish`. A failed producer is replaced: one that met an
    out-of-order sequence would fail for ever.
    """

    def __init__(self, settings: KernelSettings, service: str) -> None:
        """Publish as `catalogue/<service>`."""
        self._settings = settings
        self._service = service
        self._source = ce.source(service)
        self._lock = asyncio.Lock()
        self._producer: AIOKafkaProducer | None = None

    async def publish(self, events: Sequence[Event]) -> None:
        """Return once every event is acknowledged by all in-sync replicas.

        Raises:
            Retry: some may not be; publish them all again.
        """
        if not events:
            return
        async with self._lock:
            try:
                if self._producer is None:
                    self._producer = await start_producer(self._settings, self._service)
                await send_all(
                    self._producer, [message(self._settings, e, self._source) for e in events]
                )
            except (KafkaError, TimeoutError) as error:
                await self._replace()
                raise Retry(f"Kafka n'a pas tout reçu : {error!r}") from error

    async def close(self) -> None:
        """Disconnect; idempotent."""
        async with self._lock:
            await self._replace()

    async def _replace(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            await producer.stop()
