"""The stop, the circuit breaker and the alarms of Parcoursup in MongoDB."""

from datetime import datetime
from typing import Final

from pymongo.errors import DuplicateKeyError

from services.export.adapters.mongo import BaseMongo
from services.export.domain.disjoncteur import Disjoncteur
from services.export.ports import Document

_ARRET: Final = "parcoursup_arret"
_DISJONCTEUR: Final = "parcoursup_disjoncteur"


class SurveillanceMongo:
    """Implements `ports_parcoursup.Surveillance`."""

    def __init__(self, base: BaseMongo) -> None:
        """Use `base`."""
        self._parametres = base.parametres
        self._alarmes = base.alarmes

    async def arreter(self, raison: str, instant: datetime) -> None:
        """Stop the queue."""
        await self._parametres.update_one(
            {"_id": _ARRET}, {"$set": {"raison": raison, "depuis": instant}}, upsert=True
        )

    async def arret(self) -> Document | None:
        """Return the stop, if any."""
        return await self._parametres.find_one({"_id": _ARRET})

    async def reprendre(self) -> bool:
        """Let the queue go; tell whether it was stopped."""
        resultat = await self._parametres.delete_one({"_id": _ARRET})
        return bool(resultat.deleted_count)

    async def disjoncteur(self) -> Disjoncteur:
        """Return the circuit breaker as it stands."""
        tenu = await self._parametres.find_one({"_id": _DISJONCTEUR})
        if tenu is None:
            return Disjoncteur()
        return Disjoncteur(tenu["echecs"], tenu["pas_avant"], tenu["ouvert_depuis"])

    async def sonder(self, vu: Disjoncteur, pas_avant: datetime) -> bool:
        """Claim the next probe unless another process has moved the breaker."""
        resultat = await self._parametres.update_one(
            {"_id": _DISJONCTEUR, "echecs": vu.echecs, "pas_avant": vu.pas_avant},
            {"$set": {"pas_avant": pas_avant}},
        )
        return bool(resultat.matched_count)

    async def garder(self, etat: Disjoncteur, erreur: str | None) -> None:
        """Keep the circuit breaker."""
        await self._parametres.replace_one(
            {"_id": _DISJONCTEUR},
            {
                "echecs": etat.echecs,
                "pas_avant": etat.pas_avant,
                "ouvert_depuis": etat.ouvert_depuis,
                "derniere_offre": erreur,
            },
            upsert=True,
        )

    async def lever(self, nature: str, detail: str, instant: datetime) -> bool:
        """Raise an alarm unless it is raised already."""
        alarme = {"nature": nature, "detail": detail[:1_000], "depuis": instant, "levee": True}
        try:
            await self._alarmes.insert_one({**alarme, "fin": None})
        except DuplicateKeyError:
            return False
        return True

    async def baisser(self, nature: str, instant: datetime) -> bool:
        """End an alarm."""
        resultat = await self._alarmes.update_one(
            {"nature": nature, "levee": True}, {"$set": {"levee": False, "fin": instant}}
        )
        return bool(resultat.modified_count)

    async def alarmes(self, limite: int) -> list[Document]:
        """Return the alarms, those that last first, then the latest."""
        curseur = self._alarmes.find(
            {}, {"_id": 0}, sort=[("levee", -1), ("depuis", -1)], limit=limite
        )
        return [alarme async for alarme in curseur]
