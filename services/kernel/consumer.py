"""A consuming process as a whole: consumer, health, background work, until told to stop.

With `Handler`, `Parked` and `decode`, all that a service needs to consume.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence

from aiokafka.errors import KafkaError

from contracts.topics import Topic
from services.kernel.decoding import decode
from services.kernel.health import Check, health_app
from services.kernel.logs import logger
from services.kernel.member import Consumer
from services.kernel.parking import Parked
from services.kernel.process import serve_app, stop_event
from services.kernel.recipe import Handler
from services.kernel.settings import KernelSettings

__all__ = ["Background", "Consumer", "Handler", "Parked", "decode", "run_consumer"]

Background = Callable[[asyncio.Event], Awaitable[None]]


async def run_consumer(  # noqa: PLR0913 - all by name
    settings: KernelSettings,
    service: str,
    topics: Sequence[Topic],
    handler: Handler,
    *,
    group: str | None = None,
    background: Sequence[Background] = (),
    checks: Mapping[str, Check] | None = None,
    stop: asyncio.Event | None = None,
) -> None:
    """Consume until SIGTERM or SIGINT (or `stop`), then finish the batch at work and return.

    Health is served on the settings' port; `checks` add to readiness. `background` (a relay) runs
    beside and is stopped last, so that what the last batch wrote can still leave. The group is
    the service's unless named. A broker that is not there yet is waited for.

    Raises:
        Whatever ends a background task; the process should then end, and be started again.
    """
    stopping = stop or stop_event()
    leaving = asyncio.Event()
    consumer = Consumer(settings, topics, handler, group=group or service)
    for name, check in (checks or {}).items():
        consumer.health.require(name, check)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(serve_app(health_app(consumer.health), settings, leaving))
        for work in background:
            tasks.create_task(_run(work, leaving))
        try:
            if await _start(consumer, settings, stopping):
                await stopping.wait()
        finally:
            await consumer.stop()
            leaving.set()


async def _start(consumer: Consumer, settings: KernelSettings, stopping: asyncio.Event) -> bool:
    """Join the group, however long that takes; tell whether it did before being stopped."""
    stopped = asyncio.ensure_future(stopping.wait())
    try:
        while not stopping.is_set():
            starting = asyncio.ensure_future(consumer.start())
            await asyncio.wait({starting, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if not starting.done():
                starting.cancel()
            try:
                await starting
            except KafkaError as error:
                logger.warning("kafka_injoignable", erreur=repr(error))
                pause = random.uniform(0.5, 1) * settings.reprise_max_s  # noqa: S311 - jitter
                await asyncio.wait({stopped}, timeout=pause)
            except asyncio.CancelledError:
                return False
            else:
                return True
    finally:
        stopped.cancel()
    return False


async def _run(work: Background, leaving: asyncio.Event) -> None:
    await work(leaving)
