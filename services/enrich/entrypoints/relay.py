"""The relay alone, for who runs it apart from the consumer."""

import asyncio

from services.enrich.settings import BASE, SERVICE, RelaySettings
from services.kernel.health import Health, health_app
from services.kernel.mongo import Store, connect
from services.kernel.outbox import Outbox
from services.kernel.process import serve_app, stop_event
from services.kernel.relay import Relay


async def main() -> None:
    """Bring the outbox to Kafka until told to stop."""
    settings = RelaySettings()
    client = connect(settings)
    outbox = Outbox(Store(client, settings).database(BASE), bytes_max=settings.outbox_octets_max)
    stop = stop_event()
    health = Health()

    async def mongo() -> None:
        await client.admin.command("ping")

    health.require("mongo", mongo)
    try:
        await outbox.prepare()
        async with asyncio.TaskGroup() as taches:
            taches.create_task(serve_app(health_app(health), settings, stop))
            taches.create_task(Relay(outbox, settings, SERVICE).run(stop))
    finally:
        await client.close()
