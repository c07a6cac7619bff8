"""The process that asks an address service about the places that have no usable position.

Off unless `CATALOGUE_GEOCODAGE_ADRESSE` names a service. One process at a time asks, so that the
pace is kept whatever the number of machines.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import httpx
from pymongo.errors import PyMongoError

from services.enrich.adapters.geocodages import MongoGeocodages
from services.enrich.adapters.geocodeur import GeocodeurHttp, client
from services.enrich.adapters.mongo import MongoFormations
from services.enrich.adapters.referentiels import MongoReferences
from services.enrich.entrypoints.actif import Actif
from services.enrich.ports import Formations
from services.enrich.ports_geocodage import Geocodages
from services.enrich.settings import BASE, GeocodageSettings
from services.enrich.usecases.geocoder import Geocoder, reprendre_les_geocodees
from services.kernel.clock import Clock, SystemClock, jour_metier
from services.kernel.errors import Retry
from services.kernel.health import Health, health_app
from services.kernel.lease import Lease
from services.kernel.logs import logger
from services.kernel.mongo import Client, Store, connect
from services.kernel.outbox import Outbox
from services.kernel.process import pause, serve_app, stop_event

_AGENT = "catalogue-apprentissage"
_BAIL = "geocodage"
_SANS_BAIL_S = 5.0


@dataclass(frozen=True, slots=True)
class Geocodage:
    """The three things done again and again: find what to ask, ask, recompute."""

    settings: GeocodageSettings
    clock: Clock
    actif: Actif
    bail: Lease
    geocodages: Geocodages
    formations: Formations
    geocoder: Geocoder

    async def examiner(self) -> float:
        """Queue the addresses to look for."""
        nombre = await self.geocodages.examiner()
        logger.info("geocodage_examen", places=nombre)
        return self.settings.geocodage_examen_s

    async def demander(self) -> float:
        """Ask about one address."""
        references = self.actif.enrichisseur().references
        attente = await self.geocoder.avancer(references, self.clock.now())
        return self.settings.geocodage_reprise_s if attente is None else attente

    async def reprendre(self) -> float:
        """Recompute the formations whose address was answered."""
        await reprendre_les_geocodees(
            self.geocodages,
            self.formations,
            self.actif.enrichisseur(),
            self.clock.now(),
            timedelta(seconds=self.settings.geocodage_reprise_s),
        )
        return self.settings.geocodage_reprise_s

    async def repeter(self, pas: Callable[[], Awaitable[float]], stop: asyncio.Event) -> None:
        """Do a step whenever this process holds the lease, after the pause that the last asked."""
        while not stop.is_set():
            try:
                attente = await pas() if await self.bail.hold() else _SANS_BAIL_S
            except (PyMongoError, Retry) as erreur:
                logger.warning("geocodage_interrompu", erreur=repr(erreur))
                attente = _SANS_BAIL_S
            await pause(stop, attente)


async def main() -> None:
    """Ask until told to stop; end at once when no service is named."""
    settings = GeocodageSettings()
    if settings.geocodage_adresse is None:
        logger.info("geocodage_desactive")
        return
    mongo = connect(settings)
    stop = stop_event()
    http = client(str(settings.geocodage_adresse), settings.geocodage_delai_s, _AGENT)
    try:
        async with http:
            await _tourner(await _preparer(settings, mongo, http), stop)
    finally:
        await mongo.close()


async def _preparer(
    settings: GeocodageSettings, mongo: Client, http: httpx.AsyncClient
) -> Geocodage:
    clock = SystemClock()
    database = Store(mongo, settings).database(BASE)
    outbox = Outbox(database, bytes_max=settings.outbox_octets_max)
    geocodages = MongoGeocodages(database)
    await outbox.prepare()
    await geocodages.prepare()
    return Geocodage(
        settings,
        clock,
        Actif(
            MongoReferences(mongo, database),
            lambda: jour_metier(settings, clock),
            settings.references_attente_s,
            geocodages,
            settings.politique,
        ),
        Lease(database, _BAIL, settings.geocodage_bail_s),
        geocodages,
        MongoFormations(mongo, database, outbox),
        Geocoder(
            geocodages,
            GeocodeurHttp(http),
            random.SystemRandom().random,
            1 / settings.geocodage_par_s,
            settings.geocodage_score_min,
            timedelta(days=settings.geocodage_garder_jours),
        ),
    )


async def _tourner(travail: Geocodage, stop: asyncio.Event) -> None:
    health = Health()
    health.require("referentiels", travail.actif.verifier)
    async with asyncio.TaskGroup() as taches:
        taches.create_task(serve_app(health_app(health), travail.settings, stop))
        taches.create_task(travail.actif.suivre(stop))
        for pas in (travail.examiner, travail.demander, travail.reprendre):
            taches.create_task(travail.repeter(pas, stop))
