"""The HTTP API of collect and its deposit page; brings its events to Kafka as well."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from fastapi import FastAPI

from services.collect.entrypoints import depots, diagnostic, interne, offres, pages
from services.collect.entrypoints.serveur import ouvrir
from services.collect.settings import SERVICE, ApiSettings
from services.kernel.auth import KeyVerifier
from services.kernel.clock import Clock, SystemClock
from services.kernel.health import Health
from services.kernel.http import create_api, serve
from services.kernel.relay import Relay
from services.kernel.web import Web

_PAQUET: Final = "services.collect"


def create_app(
    settings: ApiSettings, horloge: Clock | None = None, keys: KeyVerifier | None = None
) -> FastAPI:
    """Return the API; it opens its database when it starts, and runs the relay when asked to."""
    clock = horloge or SystemClock()
    health = Health()
    web = Web(settings, clock, _PAQUET)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with ouvrir(settings, clock) as serveur:
            app.state.serveur = serveur
            app.state.web = web

            async def verifier() -> None:
                await serveur.client.admin.command("ping")

            health.require("mongo", verifier)
            arret = asyncio.Event()
            async with asyncio.TaskGroup() as taches:
                if settings.relais_integre:
                    taches.create_task(Relay(serveur.outbox, settings, SERVICE).run(arret))
                yield
                arret.set()

    return create_api(
        settings,
        service=SERVICE,
        title="Catalogue des formations en apprentissage : dépôt",
        version="1",
        summary="Déposer des offres de formation et suivre ce qu'elles deviennent.",
        description=(
            "Un dépôt est reçu en une fois, vérifié ligne par ligne, puis enrichi, indexé et "
            "évalué ; son rapport dit à tout moment ce qu'est devenue chaque ligne."
        ),
        routers=[depots.router, diagnostic.router, offres.router, interne.router, pages.router],
        lifespan=lifespan,
        keys=keys,
        health=health,
        web=web,
    )


async def main() -> None:
    """Serve until told to stop."""
    settings = ApiSettings()
    await serve(create_app(settings), settings)
