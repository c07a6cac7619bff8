"""The relay alone, for who runs it apart from the API."""

import asyncio

from services.collect.entrypoints.serveur import ouvrir
from services.collect.settings import SERVICE, RelaySettings
from services.kernel.clock import SystemClock
from services.kernel.health import Health, health_app
from services.kernel.process import serve_app, stop_event
from services.kernel.relay import Relay


async def main() -> None:
    """Bring the outbox to Kafka until told to stop."""
    settings = RelaySettings()
    stop = stop_event()
    async with ouvrir(settings, SystemClock()) as serveur, asyncio.TaskGroup() as taches:
        taches.create_task(serve_app(health_app(Health()), settings, stop))
        taches.create_task(Relay(serveur.outbox, settings, SERVICE).run(stop))
