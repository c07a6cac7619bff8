"""The rules that a running process applies: the active tables and the business day, followed."""

import asyncio
from collections.abc import Mapping

from pymongo.errors import PyMongoError

from services.enrich.domain.enrichissement import Enrichisseur
from services.enrich.domain.enrichissement.geocodage import Geocodage
from services.enrich.domain.enrichissement.qualite import Politique
from services.enrich.domain.references.tables import References
from services.enrich.ports import ReferencesStore
from services.enrich.ports_geocodage import Geocodages
from services.kernel.clock import JourMetier
from services.kernel.errors import Retry
from services.kernel.logs import logger
from services.kernel.process import freeze_gc, pause


class Actif:
    """Gives the `Enrichisseur` of the moment; `suivre` keeps it at the active version."""

    def __init__(
        self,
        referentiels: ReferencesStore,
        jour: JourMetier,
        attente_s: float,
        geocodages: Geocodages | None = None,
        politique: Politique | None = None,
    ) -> None:
        """Look every `attente_s` seconds whether another version became active.

        `geocodages` gives what an address service said of places, if one is asked. `politique`
        says who decides on the catalogue réglementaire: the Carif-Oref without one.
        """
        self._referentiels = referentiels
        self._jour = jour
        self._attente_s = attente_s
        self._geocodages = geocodages
        self._politique = politique or Politique()
        self._etat_geocodages = ""
        self._connus: Mapping[str, Geocodage] = {}
        self._references: References | None = None
        self._enrichisseur: Enrichisseur | None = None

    def enrichisseur(self) -> Enrichisseur:
        """Return the rules of this version and day.

        Raises `Retry` while no version is active: nothing can be said of an offer then.
        """
        references, jour = self._references, self._jour()
        if references is None:
            raise Retry("aucune version des référentiels n'est active", after=self._attente_s)
        courant = self._enrichisseur
        if (
            courant is None
            or courant.references is not references
            or courant.geocodages is not self._connus
            or courant.jour != jour
        ):
            courant = self._enrichisseur = Enrichisseur(
                references, jour, self._connus, self._politique
            )
        return courant

    async def verifier(self) -> None:
        """Raise while no version is active: a readiness check."""
        self.enrichisseur()

    async def suivre(self, stop: asyncio.Event) -> None:
        """Load the active version, then each one that takes its place, until `stop`."""
        while not stop.is_set():
            try:
                await self.actualiser()
            except PyMongoError as erreur:
                logger.warning("referentiels_injoignables", erreur=repr(erreur))
            await pause(stop, self._attente_s)

    async def actualiser(self) -> None:
        """Load the active version, and the answers on places, if they are not those in use."""
        if self._geocodages is not None:
            etat = await self._geocodages.etat()
            if etat != self._etat_geocodages:
                self._connus = await self._geocodages.connus()
                self._etat_geocodages = etat
        version = await self._referentiels.version_active()
        if version is None or (self._references and self._references.version == version):
            return
        self._references = await self._referentiels.charger(version)
        self._enrichisseur = None  # frozen with the rest, the tables behind it would never go
        freeze_gc()  # some hundred thousand objects that no collection needs to visit again
        logger.info("referentiels_charges", version=version)
