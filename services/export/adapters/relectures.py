"""The read-backs of Parcoursup in MongoDB: requests, reports, what each changed."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Final

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from services.export.adapters.mongo import RELECTURE, BaseMongo
from services.export.domain.relecture_parcoursup import Suivie, suivie
from services.export.ports import Document

_SUIVI: Final = {
    "projection.cle_ministere_educatif": 1,
    "decisions.parcoursup.numero": 1,
    "retours.parcoursup": 1,
    "relecture.parcoursup": 1,
}
_RESUME: Final = {"sans_offre": 0, "inconnues": 0, "resolues": 0}


class RelecturesMongo:
    """Implements `ports_parcoursup.Relectures`."""

    def __init__(self, base: BaseMongo) -> None:
        """Use `base`."""
        self._base = base

    async def demander(self, demande: Document) -> None:
        """Keep a request."""
        await self._base.relectures.insert_one(demande)

    async def prendre(self, instant: datetime, abandon: datetime) -> Document | None:
        """Take the oldest request that waits or was abandoned."""
        return await self._base.relectures.find_one_and_update(
            {
                "$or": [
                    {"etat": "demandee"},
                    {"etat": "en_cours", "prise_le": {"$lt": abandon}},
                ]
            },
            {"$set": {"etat": "en_cours", "prise_le": instant}},
            sort=[("_id", 1)],
            return_document=ReturnDocument.AFTER,
        )

    async def conclure(self, relecture: str, rapport: Document) -> None:
        """Keep the report of a request."""
        await self._base.relectures.update_one({"_id": relecture}, {"$set": rapport})

    async def derniere(self) -> Document | None:
        """Return the read-back in force."""
        return await self._base.parametres.find_one({"_id": RELECTURE})

    async def derniere_demande(self) -> datetime | None:
        """Return when one was asked for last."""
        derniere = await self._base.relectures.find_one({}, sort=[("demandee_le", -1)])
        return derniere["demandee_le"] if derniere else None

    async def avancer(self, lue_le: datetime, nombre: int) -> bool:
        """Put a read-back in force unless one at least as new is."""
        try:
            await self._base.parametres.update_one(
                {"_id": RELECTURE, "lue_le": {"$lt": lue_le}},
                {"$set": {"lue_le": lue_le, "nombre": nombre}},
                upsert=True,
            )
        except DuplicateKeyError:
            return False
        return True

    async def suivies(self) -> list[Suivie]:
        """Return every offer as the read-back sees it."""
        curseur = self._base.formations.find({}, _SUIVI, batch_size=2_000)
        return [suivie(document) async for document in curseur]

    async def lots(self, relecture: str) -> AsyncIterator[Document]:
        """Yield what a read-back changed, batch by batch."""
        async for lot in self._base.relectures_lots.find(
            {"relecture": relecture}, sort=[("_id", 1)]
        ):
            yield lot

    async def lister(self, limite: int) -> list[Document]:
        """Return the requests and what became of them, latest first."""
        curseur = self._base.relectures.find({}, _RESUME, sort=[("_id", -1)], limit=limite)
        return [document async for document in curseur]

    async def une(self, relecture: str) -> Document | None:
        """Return a request with its report."""
        return await self._base.relectures.find_one({"_id": relecture})
