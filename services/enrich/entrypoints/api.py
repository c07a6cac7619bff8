"""The HTTP API of enrich: history, reference tables, and what reconciliation needs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from services.enrich.adapters.lecture import Lecture
from services.enrich.adapters.mongo import MongoFormations
from services.enrich.adapters.referentiels import MongoReferences
from services.enrich.entrypoints import formations, interne, referentiels
from services.enrich.entrypoints.chargements import alarmes
from services.enrich.entrypoints.fraicheur import Fraicheur
from services.enrich.entrypoints.moyens import Moyens
from services.enrich.settings import BASE, SERVICE, ApiSettings
from services.kernel.clock import Clock, SystemClock
from services.kernel.health import Health
from services.kernel.http import create_api, serve
from services.kernel.mongo import Store, connect
from services.kernel.outbox import Outbox


def create_app(settings: ApiSettings, clock: Clock = SystemClock()) -> FastAPI:
    """Return the API; it opens its database when it starts."""
    health = Health()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        client = connect(settings)
        database = Store(client, settings).database(BASE)
        outbox = Outbox(database, bytes_max=settings.outbox_octets_max)
        moyens = Moyens(
            settings,
            clock,
            Lecture(database),
            MongoFormations(client, database, outbox),
            MongoReferences(client, database, settings.references_gardees),
        )
        app.state.moyens = moyens

        async def verifier() -> None:
            await client.admin.command("ping")

        health.require("mongo", verifier)
        fraicheur = Fraicheur(
            moyens.referentiels, alarmes(settings), clock, settings.references_mesure_s
        )
        try:
            async with asyncio.TaskGroup() as taches:
                arret = asyncio.Event()
                taches.create_task(fraicheur.suivre(arret))
                yield
                arret.set()
        finally:
            await client.close()

    return create_api(
        settings,
        service=SERVICE,
        title="Catalogue des formations en apprentissage : enrichissement",
        version="1",
        summary="Historique des formations et référentiels en vigueur.",
        routers=[formations.router, referentiels.router, interne.router],
        lifespan=lifespan,
        health=health,
    )


async def main() -> None:
    """Serve until told to stop."""
    settings = ApiSettings()
    await serve(create_app(settings), settings)
