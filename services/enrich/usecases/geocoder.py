"""Looking for the addresses that are due, one after the other; no offer waits for it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from services.enrich.domain.causes import SYSTEME, Cause, Nature
from services.enrich.domain.enrichissement import Enrichisseur
from services.enrich.domain.enrichissement.geocodage import Geocodage, Panne, juger, prochain_essai
from services.enrich.domain.references.tables import References
from services.enrich.ports import Formations
from services.enrich.ports_geocodage import Geocodages, Geocodeur
from services.enrich.usecases.reprendre import reprendre
from services.kernel.batches import slices

_BAIL: Final = timedelta(minutes=5)
_REPRISES_MAX: Final = 500


@dataclass(slots=True)
class Geocoder:
    """Asks the service for what is due, at its pace; `alea` draws a number from 0 to 1."""

    geocodages: Geocodages
    geocodeur: Geocodeur
    alea: Callable[[], float]
    intervalle_s: float
    score_min: float
    garder: timedelta
    _pannes: int = 0

    async def avancer(self, references: References, maintenant: datetime) -> float | None:
        """Look for one address; return the seconds to wait before the next, None if none is due.

        After a failure everything waits, longer each time in a row: the service that said "too
        many" is not asked for the next address instead.
        """
        demande = await self.geocodages.prendre(maintenant, maintenant + _BAIL)
        if demande is None:
            return None
        try:
            reponse = await self.geocodeur.chercher(demande.adresse)
        except Panne as panne:
            essais = max(demande.essais, self._pannes)
            self._pannes += 1
            prochain = prochain_essai(essais, maintenant, panne.apres, self.alea())
            await self.geocodages.reporter(demande.cle, prochain)
            return (prochain - maintenant).total_seconds()
        self._pannes = 0
        issue = juger(demande.adresse, reponse, references, self.score_min)
        geocodage = Geocodage(issue, reponse, maintenant.date().isoformat())
        await self.geocodages.repondre(demande.cle, geocodage, maintenant + self.garder)
        return self.intervalle_s


async def reprendre_les_geocodees(
    geocodages: Geocodages,
    formations: Formations,
    enrichisseur: Enrichisseur,
    maintenant: datetime,
    apres: timedelta,
) -> int:
    """Compute again the formations whose address was answered; return how many were looked at.

    Only answers that `enrichisseur` knows are counted as done. `apres` is the time that the other
    processes need to know an answer too: one that did not would undo what is computed here.
    """
    attendues = await geocodages.a_reprendre(maintenant - apres, _REPRISES_MAX)
    cles = [cle for cle in attendues if cle in enrichisseur.geocodages]
    ids = list(dict.fromkeys(nom for cle in cles for nom in attendues[cle]))
    cause = Cause(Nature.GEOCODAGE.value, SYSTEME)
    for lot in slices(ids, _REPRISES_MAX):
        await reprendre(lot, enrichisseur, formations, cause, maintenant)
    if cles:
        await geocodages.reprises(cles)
    return len(ids)
