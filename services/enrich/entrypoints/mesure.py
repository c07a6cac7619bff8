"""Keeping the figures of quality up to date, in moments when the formations are quiet."""

import asyncio

from pymongo.errors import PyMongoError

from services.enrich.adapters.qualite import MongoQualite
from services.enrich.settings import SERVICE, EnrichSettings
from services.kernel.clock import Clock, jour_metier
from services.kernel.lease import Lease
from services.kernel.logs import logger
from services.kernel.mongo import Database
from services.kernel.process import pause

_BAIL_S = 30.0


class Mesureur:
    """Measures when formations moved and came to rest, at most every `qualite_attente_s`.

    A flow that never rests is measured all the same every `qualite_age_max_s`. One process at a
    time does it; two at once would only do the same work twice.
    """

    def __init__(
        self, qualite: MongoQualite, database: Database, settings: EnrichSettings, clock: Clock
    ) -> None:
        """Measure through `qualite`."""
        self._qualite = qualite
        self._bail = Lease(database, f"{SERVICE}.qualite", _BAIL_S)
        self._settings = settings
        self._clock = clock
        self._mesuree: tuple[object, ...] | None = None
        self._vue: tuple[object, ...] | None = None
        self._retards = 0

    async def suivre(self, stop: asyncio.Event) -> None:
        """Look until `stop`."""
        while not stop.is_set():
            try:
                await self.regarder()
            except PyMongoError as erreur:
                logger.warning("qualite_non_mesuree", erreur=repr(erreur))
            await pause(stop, self._settings.qualite_attente_s)
        await self._bail.release()

    async def regarder(self) -> bool:
        """Measure if it is time; return whether it was."""
        jour = jour_metier(self._settings, self._clock)
        vue = (jour, *await self._qualite.marque())
        calme, self._vue = vue == self._vue, vue
        if vue == self._mesuree:
            return False
        self._retards += 1
        en_retard = self._retards * self._settings.qualite_attente_s
        if not calme and en_retard < self._settings.qualite_age_max_s:
            return False
        if not await self._bail.hold():
            return False
        mesure = await self._qualite.mesurer()
        await self._qualite.garder(mesure, jour, self._clock.now())
        self._mesuree, self._retards = vue, 0
        return True
