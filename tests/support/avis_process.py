"""The background work of the notices alone in its process, for tests that kill it."""

import asyncio

from services.export.adapters.mongo import ouvrir
from services.export.entrypoints.avisage import aviser
from services.export.settings import ConsumerSettings
from services.kernel.clock import SystemClock
from services.kernel.process import stop_event


async def main() -> None:
    settings = ConsumerSettings()
    async with ouvrir(settings) as base:
        await aviser(stop_event(), base, settings, SystemClock())


if __name__ == "__main__":
    asyncio.run(main())
