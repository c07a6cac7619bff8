"""A relay alone in its process, for tests that freeze and kill it."""

import asyncio

from services.kernel.logs import setup_logs
from services.kernel.mongo import Store, connect
from services.kernel.outbox import Outbox
from services.kernel.process import stop_event
from services.kernel.relay import Relay
from services.kernel.settings import KernelSettings


async def main() -> None:
    """Relay the outbox of `collect` until told to stop."""
    settings = KernelSettings()
    setup_logs(settings, "collect", "relais")
    async with connect(settings) as client:
        outbox = Outbox(
            Store(client, settings).database("collect"), bytes_max=settings.outbox_octets_max
        )
        await Relay(outbox, settings, "collect").run(stop_event())


if __name__ == "__main__":
    asyncio.run(main())
