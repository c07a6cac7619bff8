"""The process that turns offers into formations; brings their events to Kafka as well."""

import asyncio
from collections.abc import Sequence

from contracts.topics import OFFRES
from services.enrich.adapters.geocodages import MongoGeocodages
from services.enrich.adapters.impacts import MongoImpacts
from services.enrich.adapters.mongo import MongoFormations
from services.enrich.adapters.recalculs import MongoRecalculs
from services.enrich.adapters.referentiels import MongoReferences
from services.enrich.domain.evenement import Evenement, Illisible, lire_evenement
from services.enrich.entrypoints.actif import Actif
from services.enrich.entrypoints.chargements import alarmes
from services.enrich.entrypoints.fraicheur import Fraicheur
from services.enrich.entrypoints.recalcul import BAIL, Recalculeur
from services.enrich.ports import Formations
from services.enrich.settings import BASE, SERVICE, ConsumerSettings
from services.enrich.usecases.annoncer import Annoncer
from services.enrich.usecases.enrichir import enrichir_lot
from services.enrich.usecases.recalculer import Etablir
from services.kernel import telemetry
from services.kernel.clock import Clock, SystemClock, jour_metier, now_as_stored
from services.kernel.consumer import Background, Parked, decode, run_consumer
from services.kernel.events import Record
from services.kernel.ids import UlidIds
from services.kernel.lease import Lease
from services.kernel.mongo import Store, connect
from services.kernel.outbox import Outbox
from services.kernel.relay import Relay


class OffresHandler:
    """Applies offer events; a record that is no such event is parked."""

    def __init__(self, formations: Formations, actif: Actif, clock: Clock) -> None:
        """Write to `formations` by the rules that `actif` gives."""
        self._formations = formations
        self._actif = actif
        self._clock = clock
        self.libre = asyncio.Event()
        self.libre.set()

    async def handle(self, records: Sequence[Record]) -> Sequence[Parked]:
        """Apply the records, in order, in one transaction; return those that are no offers.

        `libre` is set whenever none is at work.
        """
        self.libre.clear()
        try:
            return await self._traiter(records)
        finally:
            self.libre.set()

    async def _traiter(self, records: Sequence[Record]) -> Sequence[Parked]:
        lus, ecartes = decode(records)
        evenements: list[Evenement] = []
        for record, donnees in lus:
            try:
                evenements.append(lire_evenement(donnees))
            except Illisible as erreur:
                ecartes.append(Parked(record, "offre_illisible", str(erreur)))
        if evenements:
            await self._appliquer(evenements)
        return ecartes

    async def _appliquer(self, evenements: Sequence[Evenement]) -> None:
        maintenant = now_as_stored(self._clock)
        plan = await enrichir_lot(
            evenements, self._actif.enrichisseur(), self._formations, maintenant
        )
        telemetry.REPAIRS.labels(SERVICE).inc(plan.reparations)


async def main() -> None:
    """Consume until told to stop."""
    settings = ConsumerSettings()
    clock = SystemClock()
    client = connect(settings)
    database = Store(client, settings).database(BASE)
    outbox = Outbox(database, bytes_max=settings.outbox_octets_max)
    referentiels = MongoReferences(client, database)
    geocodages = MongoGeocodages(database)
    actif = Actif(
        referentiels,
        lambda: jour_metier(settings, clock),
        settings.references_attente_s,
        geocodages,
        settings.politique,
    )
    formations = MongoFormations(client, database, outbox)
    handler = OffresHandler(formations, actif, clock)
    fraicheur = Fraicheur(referentiels, alarmes(settings), clock, settings.references_mesure_s)
    recalculs = MongoRecalculs(client, database, outbox)
    recalculeur = Recalculeur(
        recalculs,
        formations,
        Etablir(recalculs, referentiels, UlidIds(clock), Annoncer(MongoImpacts(database))),
        actif,
        Lease(database, BAIL, settings.bail_s),
        settings,
        clock,
        handler.libre,
    )
    background: list[Background] = [actif.suivre, fraicheur.suivre, recalculeur.suivre]
    if settings.relais_integre:
        background.append(Relay(outbox, settings, SERVICE).run)
    try:
        await outbox.prepare()
        await formations.prepare()
        await referentiels.prepare()
        await recalculs.prepare()
        await geocodages.prepare()
        await recalculeur.commencer()
        await run_consumer(
            settings,
            SERVICE,
            [OFFRES],
            handler,
            background=background,
            checks={"referentiels": actif.verifier},
        )
    finally:
        await client.close()
