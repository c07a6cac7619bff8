"""The relay as a process of its own."""

import asyncio

from services.export.adapters.mongo import ouvrir
from services.export.settings import SERVICE, RelaySettings
from services.kernel.health import Health, health_app
from services.kernel.process import serve_app, stop_event
from services.kernel.relay import Relay


async def main() -> None:
    """Publish the outbox until told to stop."""
    settings = RelaySettings()
    stop = stop_event()
    async with ouvrir(settings) as base, asyncio.TaskGroup() as taches:
        taches.create_task(Relay(base.outbox, settings, SERVICE).run(stop))
        sante = Health()
        sante.require("mongo", base.repondre)
        taches.create_task(serve_app(health_app(sante), settings, stop))
