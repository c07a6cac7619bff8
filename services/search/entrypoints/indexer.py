"""The indexer: formations and publications to the index, progress back to the depositors."""

import asyncio
import random
from collections.abc import Mapping, Sequence

from contracts.evenements import Etape
from contracts.topics import AVANCEMENT
from services.kernel import telemetry
from services.kernel.clock import Clock, SystemClock
from services.kernel.consumer import Parked, run_consumer
from services.kernel.digest import digest
from services.kernel.events import Event, Record, make_event
from services.kernel.producer import DirectPublisher
from services.search.adapters.administration import Administration
from services.search.adapters.cadence import Cadence
from services.search.adapters.ecriture import IndexElastic
from services.search.adapters.elastic import connecter, demander, noms
from services.search.domain.avancement import par_depot
from services.search.settings import IndexerSettings, SearchSettings
from services.search.usecases.indexer import Pause, appliquer
from services.search.usecases.lire_evenements import SUJETS, Recu, lire_evenements

SERVICE = "search"


class Indexeur:
    """Applies batches to every index that receives writes."""

    def __init__(
        self,
        index: IndexElastic,
        cadence: Cadence,
        publisher: DirectPublisher,
        settings: SearchSettings,
        clock: Clock,
    ) -> None:
        """Write to this index and tell progress through this publisher."""
        self._index = index
        self._cadence = cadence
        self._publisher = publisher
        self._tentatives = settings.index_tentatives
        self._pause = pause(settings)
        self._clock = clock

    async def handle(self, records: Sequence[Record]) -> Sequence[Parked]:
        """Return once each record is in every index and its progress told, but for those returned.

        The indexes are looked up after the batch was fetched: what `reconstruire` relies on.
        """
        recus, ecartes = lire_evenements(records)
        refus: dict[str, str] = {}
        cibles = await self._index.cibles()
        async with self._cadence.lot(len(records), cibles):
            for cible in cibles:
                bilan = await appliquer(
                    [recu.etat for recu in recus],
                    self._index,
                    cible,
                    tentatives=self._tentatives,
                    pause=self._pause,
                )
                refus |= bilan.refus
                if bilan.repares:
                    telemetry.REPAIRS.labels(SERVICE).inc(bilan.repares)
        await self._publisher.publish(list(self._avancement(recus, refus)))
        return [*ecartes, *_refuses(recus, refus)]

    def _avancement(self, recus: Sequence[Recu], refus: Mapping[str, str]) -> list[Event]:
        faits = par_depot(recu.origine for recu in recus if recu.etat.id not in refus)
        evenements = []
        for depot, lignes in faits.items():
            donnees = {"depot": depot, "etape": Etape.INDEXEE.value, "lignes": lignes}
            # The id follows from the content: the same progress told again is the same event.
            id_ = f"{depot}.{Etape.INDEXEE.value}.{digest(donnees)[:16]}"
            evenements.append(
                make_event(AVANCEMENT, depot, lignes[-1][1], donnees, self._clock.now(), id=id_)
            )
        return evenements


def _refuses(recus: Sequence[Recu], refus: Mapping[str, str]) -> list[Parked]:
    """Park what a refused document was made of: of each part, the newest record in the batch."""
    derniers = {(recu.etat.id, recu.etat.partie): recu for recu in recus if recu.etat.id in refus}
    return [
        Parked(recu.record, "index_refuse", f"L'index refuse le document : {refus[recu.etat.id]}")
        for recu in derniers.values()
    ]


def pause(settings: SearchSettings) -> Pause:
    """Return the pause before another attempt: doubling, half of it random, bounded."""

    async def attendre(tentative: int) -> None:
        plafond = min(settings.reprise_max_s, settings.reprise_min_s * 2**tentative)
        await asyncio.sleep(plafond * random.uniform(0.5, 1))  # noqa: S311 - jitter

    return attendre


async def main(
    settings: IndexerSettings | None = None, *, stop: asyncio.Event | None = None
) -> None:
    """Index until told to stop."""
    settings = settings or IndexerSettings()
    client = connecter(settings)
    administration = Administration(client, noms(settings), settings)
    cadence = Cadence(administration, settings)
    publisher = DirectPublisher(settings, SERVICE)
    index = IndexElastic(client, administration.noms, settings.index_envois)

    async def elasticsearch_repond() -> None:
        await demander(client, "GET", f"/_alias/{administration.noms.ecriture}")

    try:
        await run_consumer(
            settings,
            SERVICE,
            SUJETS,
            Indexeur(index, cadence, publisher, settings, SystemClock()),
            background=[cadence.veiller],
            checks={"elasticsearch": elasticsearch_repond},
            stop=stop,
        )
    finally:
        await publisher.close()
        await client.close()
