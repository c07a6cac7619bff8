"""The logs of formations and publications, read once for all followers of the change feed.

One consumer follows the ends and fills a buffer; a follower that is further back is served by
bounded reads of a second one. Both belong to no group: a follower's place is its cursor alone.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from contracts.topics import FORMATIONS, PUBLICATIONS
from services.export.adapters.identites import TopicConnu, identifier
from services.export.adapters.tampon import Lu, Tampon
from services.export.domain.curseur import Curseur, Place
from services.export.settings import ExportSettings
from services.export.usecases.suivre import Extrait, PlaceExpiree
from services.kernel import naming
from services.kernel.errors import Retry
from services.kernel.logs import logger

_TOPICS: Final = {"formations": FORMATIONS, "publications": PUBLICATIONS}
_SCRUTATION_MS: Final = 500
# A fetch of the former page still waits at the broker, and the next one behind it.
_RELECTURE_MS: Final = 20
# Markers of transactions alone may be left before the buffer: they are passed, none is given.
_PAGE_MS: Final = 100
_LECTURE_S: Final = 5.0
_REPOS_S: Final = 120.0
_PAUSE_S: Final = 1.0


class Journal:
    """Implements `usecases.suivre.Journal`. It reads only while somebody follows."""

    def __init__(self, settings: ExportSettings) -> None:
        """Nothing is connected before the first reading."""
        self._settings = settings
        self._noms = {nom: naming.topic(settings, topic) for nom, topic in _TOPICS.items()}
        self._ouverture = asyncio.Lock()
        self._relecture = asyncio.Lock()
        self._nouveau = asyncio.Condition()
        self._topics: dict[str, TopicConnu] = {}
        self._tampon: Tampon | None = None
        self._bout: AIOKafkaConsumer | None = None
        self._arriere: AIOKafkaConsumer | None = None
        self._tache: asyncio.Task[None] | None = None
        self._dernier_usage = 0.0

    async def origine(self) -> Curseur:
        """Return the cursor of the very beginning."""
        await self._ouvrir()
        debuts = await self._bornes(list(self._places()), fin=False)
        return Curseur(self._identites(), debuts)

    async def extraire(self, curseur: Curseur, limite: int, octets: int) -> Extrait:
        """Read on from a cursor without waiting; partitions are served evenly.

        Raises:
            PlaceExpiree: another log than today's, or a place that it no longer or not yet has.
            Retry: Kafka does not answer.
        """
        tampon = await self._ouvrir()
        positions = await self._situer(curseur, tampon)
        retard = {p: o for p, o in positions.items() if o < tampon.debut(p)}
        if retard:
            pris, suites = await self._relire(retard, limite)
        else:
            pris, suites = _servir(tampon, positions, limite)
        retenus, positions = _borner(pris, positions | suites, octets)
        fins = tampon.fins
        a_jour = all(offset >= fins[place] for place, offset in positions.items())
        return Extrait(retenus, Curseur(self._identites(), positions), a_jour=a_jour)

    async def attendre(self, secondes: float) -> None:
        """Return when something new was read, or after `secondes`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(secondes), self._nouveau:
                await self._nouveau.wait()

    async def fermer(self) -> None:
        """Stop reading; idempotent."""
        tache, self._tache = self._tache, None
        if tache is not None:
            tache.cancel()
            with suppress(asyncio.CancelledError):
                await tache
        await self._deconnecter()

    async def _ouvrir(self) -> Tampon:
        self._dernier_usage = asyncio.get_running_loop().time()
        async with self._ouverture:
            if self._tampon is not None and self._tache is not None and not self._tache.done():
                return self._tampon
            await self._deconnecter()
            try:
                self._topics = await identifier(self._settings, list(self._noms.values()))
                if len(self._topics) < len(self._noms):
                    raise Retry("les topics n'existent pas encore")
                self._bout = await self._consommateur()
                self._arriere = await self._consommateur(attente_ms=_RELECTURE_MS)
                self._bout.assign([self._kafka(place) for place in self._places()])
                fins = await self._bornes(list(self._places()), fin=True)
                for place, fin in fins.items():
                    self._bout.seek(self._kafka(place), fin)
            except (KafkaError, OSError) as erreur:
                await self._deconnecter()
                raise Retry(f"Kafka ne répond pas : {erreur!r}") from erreur
            self._tampon = Tampon(fins, self._settings.changements_tampon_octets)
            self._tache = asyncio.create_task(self._suivre(self._bout, self._tampon))
            return self._tampon

    async def _consommateur(self, attente_ms: int = _SCRUTATION_MS) -> AIOKafkaConsumer:
        consommateur = AIOKafkaConsumer(
            bootstrap_servers=self._settings.kafka,
            isolation_level="read_committed",
            enable_auto_commit=False,
            auto_offset_reset="none",
            fetch_max_wait_ms=attente_ms,
        )
        await consommateur.start()
        return consommateur

    async def _suivre(self, bout: AIOKafkaConsumer, tampon: Tampon) -> None:
        boucle = asyncio.get_running_loop()
        places = {self._kafka(place): place for place in self._places()}
        while boucle.time() - self._dernier_usage < _REPOS_S:
            try:
                lus = await bout.getmany(timeout_ms=_SCRUTATION_MS)
                for partition, place in places.items():
                    records = [Lu(un.offset, un.value or b"") for un in lus.get(partition, ())]
                    tampon.ajouter(place, records, await bout.position(partition))
            except KafkaError as erreur:
                logger.warning("suivi_interrompu", erreur=repr(erreur))
                return
            if lus:
                async with self._nouveau:
                    self._nouveau.notify_all()

    async def _relire(
        self, positions: Mapping[Place, int], limite: int
    ) -> tuple[list[tuple[Place, Lu]], dict[Place, int]]:
        """Read behind the buffer, within a time: one batch, from whichever partitions answer."""
        async with self._relecture:
            lecteur = self._arriere
            if lecteur is None:
                raise Retry("la lecture du journal est interrompue")
            places = {self._kafka(place): place for place in positions}
            try:
                lecteur.assign(list(places))
                for partition, place in places.items():
                    lecteur.seek(partition, positions[place])
                async with asyncio.timeout(_LECTURE_S):
                    lus = await lecteur.getmany(timeout_ms=_PAGE_MS, max_records=limite)
                    suites = {
                        place: await lecteur.position(partition)
                        for partition, place in places.items()
                    }
                lecteur.pause(*places)  # nothing is fetched until the next page is asked for
            except (KafkaError, TimeoutError) as erreur:
                raise Retry(f"Kafka ne répond pas : {erreur!r}") from erreur
        pris = [
            (places[partition], Lu(un.offset, un.value or b""))
            for partition, records in lus.items()
            for un in records
        ]
        return pris, suites

    async def _situer(self, curseur: Curseur, tampon: Tampon) -> dict[Place, int]:
        """Return where the follower is in today's logs, new partitions from their beginning."""
        if dict(curseur.topics) != self._identites():
            raise PlaceExpiree("le journal a été recréé depuis")
        positions = dict(curseur.positions)
        if positions.keys() - set(self._places()):
            raise PlaceExpiree("partition inconnue")
        nouvelles = [place for place in self._places() if place not in positions]
        positions |= await self._bornes(nouvelles, fin=False)
        devant = [place for place, offset in positions.items() if offset > tampon.fin(place)]
        for place, fin in (await self._bornes(devant, fin=True)).items():
            if positions[place] > fin:
                raise PlaceExpiree("le journal est plus court que ce curseur")
        retard = [place for place, offset in positions.items() if offset < tampon.debut(place)]
        for place, debut in (await self._bornes(retard, fin=False)).items():
            if positions[place] < debut:
                raise PlaceExpiree("le journal ne remonte plus aussi loin")
        return positions

    async def _bornes(self, places: list[Place], *, fin: bool) -> dict[Place, int]:
        if not places:
            return {}
        consommateur = self._bout
        if consommateur is None:
            raise Retry("la lecture du journal est interrompue")
        partitions = {self._kafka(place): place for place in places}
        try:
            lues = await (
                consommateur.end_offsets(list(partitions))
                if fin
                else consommateur.beginning_offsets(list(partitions))
            )
        except KafkaError as erreur:
            raise Retry(f"Kafka ne répond pas : {erreur!r}") from erreur
        return {partitions[partition]: offset for partition, offset in lues.items()}

    def _identites(self) -> dict[str, str]:
        return {nom: self._topics[sur].identite for nom, sur in self._noms.items()}

    def _places(self) -> list[Place]:
        return [(nom, p) for nom, sur in self._noms.items() for p in self._topics[sur].partitions]

    def _kafka(self, place: Place) -> TopicPartition:
        nom, partition = place
        return TopicPartition(self._noms[nom], partition)

    async def _deconnecter(self) -> None:
        consommateurs = [self._bout, self._arriere]
        self._bout = self._arriere = self._tampon = None
        for consommateur in consommateurs:
            if consommateur is not None:
                await consommateur.stop()


def _servir(
    tampon: Tampon, positions: Mapping[Place, int], limite: int
) -> tuple[list[tuple[Place, Lu]], dict[Place, int]]:
    attendues = [place for place, offset in positions.items() if offset < tampon.fin(place)]
    part = max(1, limite // max(1, len(attendues)))
    pris: list[tuple[Place, Lu]] = []
    suites: dict[Place, int] = {}
    for place in attendues:
        if len(pris) >= limite:
            break
        records, suites[place] = tampon.lire(place, positions[place], min(part, limite - len(pris)))
        pris.extend((place, record) for record in records)
    return pris, suites


def _borner(
    pris: list[tuple[Place, Lu]], positions: dict[Place, int], octets: int
) -> tuple[list[tuple[str, bytes]], dict[Place, int]]:
    """Keep at most `octets` of values (one at least); what is left is read again from its place."""
    retenus: list[tuple[str, bytes]] = []
    taille = 0
    laissees: dict[Place, int] = {}
    for place, record in pris:
        taille += len(record.valeur)
        if retenus and taille > octets:
            laissees.setdefault(place, record.offset)
        else:
            retenus.append((place[0], record.valeur))
    return retenus, positions | laissees
