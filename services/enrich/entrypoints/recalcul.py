"""The background task that keeps the catalogue true; one process at a time does it."""

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Final

from prometheus_client import Counter, Gauge
from pymongo.errors import PyMongoError

from services.enrich.adapters.recalculs import MongoRecalculs
from services.enrich.domain.recalcul import Recalcul
from services.enrich.entrypoints.actif import Actif
from services.enrich.ports import Formations
from services.enrich.settings import ConsumerSettings
from services.enrich.usecases.recalculer import Etablir, avancer
from services.kernel.clock import Clock, now_as_stored
from services.kernel.errors import Retry
from services.kernel.lease import Lease
from services.kernel.logs import logger
from services.kernel.process import pause
from services.kernel.transient import is_transient

EN_RETARD: Final = Gauge(
    "catalogue_formations_en_retard",
    "Formations that rest on tables, a day or rules that are no more in use",
)
LUES: Final = Counter("catalogue_recalcul_lues", "Formations computed again", ("nature",))
CHANGEES: Final = Counter(
    "catalogue_recalcul_changees", "Formations that computing again changed", ("nature",)
)
BAIL: Final = "recalcul"
_PAGE: Final = 10_000


class Recalculeur:
    """Asks for passes when something moves, and carries them on, batch by batch."""

    def __init__(  # noqa: PLR0913, PLR0917 - put together in one place
        self,
        recalculs: MongoRecalculs,
        formations: Formations,
        etablir: Etablir,
        actif: Actif,
        bail: Lease,
        settings: ConsumerSettings,
        clock: Clock,
        libre: asyncio.Event,
    ) -> None:
        """Work while `bail` is held; offers come first: wait for `libre`, set while none is."""
        self._recalculs = recalculs
        self._formations = formations
        self._etablir = etablir
        self._actif = actif
        self._bail = bail
        self._settings = settings
        self._clock = clock
        self._libre = libre
        self._suivants: deque[str] = deque()
        self._apres: tuple[str, str] = ("", "")

    async def commencer(self) -> None:
        """Ask for what is to be computed again before any offer is taken.

        Offers that come first would be computed once more for nothing. Without tables in use, or
        with a server away, it is left to `suivre`.
        """
        try:
            await self._actif.actualiser()
            await self.avancer()
        except (Retry, PyMongoError) as erreur:
            if not is_transient(erreur):
                raise
            logger.warning("recalcul_differe", erreur=repr(erreur))

    async def suivre(self, stop: asyncio.Event) -> None:
        """Work until `stop`; a server that is away is waited for."""
        while not stop.is_set():
            attente = self._settings.references_attente_s
            try:
                if await self.avancer():
                    attente = self._settings.recalcul_pause_s
            except (Retry, PyMongoError) as erreur:
                if not is_transient(erreur):
                    raise
                self._apres = ("", "")
                logger.warning("recalcul_differe", erreur=repr(erreur))
            await pause(stop, attente)
        await self._bail.release()

    async def avancer(self) -> bool:
        """Ask for what is to be computed again, or carry on one batch; tell whether it did.

        Raises what the servers raise; nothing is then half done.
        """
        if not await self._bail.hold():
            return False
        enrichisseur = self._actif.enrichisseur()
        bouge = await self._etablir.avancer(enrichisseur, self._clock.now())
        recalcul = await self._recalculs.prochain()
        EN_RETARD.set(await self._recalculs.restantes())
        if recalcul is None:
            return bouge
        ids = await self._lot(recalcul)
        if not ids:
            await self._recalculs.terminer(recalcul)
            logger.info(
                "recalcul_termine",
                recalcul=recalcul.id,
                nature=recalcul.nature,
                lues=recalcul.lues,
                changees=recalcul.changees,
            )
            return True
        await pause(self._libre, self._settings.recalcul_attente_max_s)
        maintenant = now_as_stored(self._clock)
        _, plan = await avancer(recalcul, ids, enrichisseur, self._formations, maintenant)
        LUES.labels(recalcul.nature).inc(len(ids))
        CHANGEES.labels(recalcul.nature).inc(len(plan.changements))
        return True

    async def _lot(self, recalcul: Recalcul) -> Sequence[str]:
        """Return the next ids; looked for by thousands, since a pass may have many keys."""
        if (recalcul.id, recalcul.curseur) != self._apres or not self._suivants:
            self._suivants = deque(await self._recalculs.ids(recalcul, _PAGE))
        taille = min(self._settings.recalcul_lot, len(self._suivants))
        lot = [self._suivants.popleft() for _ in range(taille)]
        self._apres = (recalcul.id, lot[-1] if lot else "")
        return lot
