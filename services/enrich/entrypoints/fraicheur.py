"""The age of each reference table in use, as metrics of the process."""

import asyncio
from typing import Final

from prometheus_client import Gauge
from pymongo.errors import PyMongoError

from services.enrich.adapters.referentiels import MongoReferences
from services.enrich.domain.fraicheur import Alarmes, age_jours
from services.kernel.clock import Clock
from services.kernel.logs import logger
from services.kernel.process import pause

AGE_JOURS: Final = Gauge(
    "catalogue_reference_age_days",
    "Age of a table in use: days since its source's date, or since its load when it has none",
    ("table",),
)
PERIMEE: Final = Gauge(
    "catalogue_reference_out_of_date", "1 when a table is older than its alarm age", ("table",)
)


class Fraicheur:
    """Measures the tables of the active version, whatever process serves the figures."""

    def __init__(
        self, referentiels: MongoReferences, alarmes: Alarmes, clock: Clock, attente_s: float
    ) -> None:
        """Measure every `attente_s` seconds."""
        self._referentiels = referentiels
        self._alarmes = alarmes
        self._clock = clock
        self._attente_s = attente_s

    async def suivre(self, stop: asyncio.Event) -> None:
        """Measure until `stop`."""
        while not stop.is_set():
            try:
                await self.mesurer()
            except PyMongoError as erreur:
                logger.warning("referentiels_injoignables", erreur=repr(erreur))
            await pause(stop, self._attente_s)

    async def mesurer(self) -> None:
        """Set the figures of the tables in use; those of other tables are forgotten."""
        version = await self._referentiels.active()
        maintenant = self._clock.now()
        AGE_JOURS.clear()
        PERIMEE.clear()
        for table in version.tables if version else ():
            AGE_JOURS.labels(table.nom).set(age_jours(table, maintenant))
            PERIMEE.labels(table.nom).set(self._alarmes.perimee(table, maintenant))
