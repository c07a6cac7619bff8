"""The HTTP API of enrich: history, reference tables, and what reconciliation needs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from fastapi import FastAPI

from services.enrich.adapters.differences import MongoDifferences
from services.enrich.adapters.etablissements import MongoEtablissements
from services.enrich.adapters.geocodages import MongoGeocodages
from services.enrich.adapters.impacts import MongoImpacts
from services.enrich.adapters.lecture import Lecture
from services.enrich.adapters.mongo import MongoFormations
from services.enrich.adapters.qualite import MongoQualite
from services.enrich.adapters.recalculs import MongoRecalculs
from services.enrich.adapters.referentiels import MongoReferences
from services.enrich.entrypoints import (
    acceptation,
    consultation,
    diagnostic,
    differences,
    editions,
    etablissements,
    formations,
    impact,
    interne,
    pages,
    propositions,
    provenance,
    qualite,
    recalculs,
    referentiels,
)
from services.enrich.entrypoints.actif import Actif
from services.enrich.entrypoints.chargements import alarmes
from services.enrich.entrypoints.fraicheur import Fraicheur
from services.enrich.entrypoints.mesure import Mesureur
from services.enrich.entrypoints.moyens import Moyens
from services.enrich.settings import BASE, SERVICE, ApiSettings
from services.kernel.clock import Clock, SystemClock, jour_metier
from services.kernel.health import Health
from services.kernel.http import create_api, serve
from services.kernel.keystore import DATABASE as ACCES
from services.kernel.keystore import KeyStore
from services.kernel.mongo import Store, connect
from services.kernel.outbox import Outbox
from services.kernel.web import Web

_PAQUET: Final = "services.enrich"
_ROUTES: Final = (
    formations,
    editions,
    acceptation,
    provenance,
    etablissements,
    differences,
    recalculs,
    referentiels,
    impact,
    consultation,
    diagnostic,
    qualite,
    propositions,
    interne,
    pages,
)


def create_app(settings: ApiSettings, clock: Clock = SystemClock()) -> FastAPI:
    """Return the API; it opens its database when it starts."""
    health = Health()
    web = Web(settings, clock, _PAQUET)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        client = connect(settings)
        store = Store(client, settings)
        database = store.database(BASE)
        outbox = Outbox(database, bytes_max=settings.outbox_octets_max)
        references = MongoReferences(client, database, settings.references_gardees)
        actif = Actif(
            references,
            lambda: jour_metier(settings, clock),
            settings.references_attente_s,
            MongoGeocodages(database),
            politique=settings.politique,
        )
        moyens = Moyens(
            settings,
            clock,
            Lecture(database),
            MongoFormations(client, database, outbox),
            references,
            MongoQualite(database),
            KeyStore(store.database(ACCES), settings, clock),
            actif,
            MongoRecalculs(client, database, outbox),
            MongoImpacts(database),
            MongoEtablissements(database),
            MongoDifferences(client, database),
        )
        app.state.moyens, app.state.web = moyens, web
        await moyens.qualite.prepare()
        mesureur = Mesureur(moyens.qualite, database, settings, clock)

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
                taches.create_task(actif.suivre(arret))
                taches.create_task(mesureur.suivre(arret))
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
        routers=[module.router for module in _ROUTES],
        lifespan=lifespan,
        health=health,
        web=web,
    )


async def main() -> None:
    """Serve until told to stop."""
    settings = ApiSettings()
    await serve(create_app(settings), settings)
