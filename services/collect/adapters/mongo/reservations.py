"""`ports.Reservations` over a collection that forgets by itself."""

from datetime import datetime, timedelta
from typing import Final

from pymongo import ASCENDING
from pymongo.errors import DuplicateKeyError

from services.collect.ports import Reservation
from services.kernel.mongo import Database, Document

_COLLECTION: Final = "idempotence"


class MongoReservations:
    """The idempotency keys used in the last `duree`."""

    def __init__(self, database: Database, duree: timedelta) -> None:
        """Keep them in `database`."""
        self._collection = database[_COLLECTION]
        self._duree = duree

    async def prepare(self) -> None:
        """Create the index by which old keys are forgotten; idempotent."""
        await self._collection.create_index([("expire_le", ASCENDING)], expireAfterSeconds=0)

    async def prendre(self, reservation: Reservation, perime_avant: datetime) -> Reservation | None:
        """Take a key, or return what its first request left; see the port."""
        document = self._document(reservation)
        try:
            await self._collection.insert_one(document)
        except DuplicateKeyError:
            perimee = {
                "_id": reservation.id,
                "empreinte": None,
                "prise_le": {"$lt": perime_avant},
            }
            reprise = await self._collection.replace_one(perimee, document)
            if not reprise.matched_count:
                return await self._tenue(reservation, perime_avant)
        return None

    async def _tenue(self, reservation: Reservation, perime_avant: datetime) -> Reservation | None:
        tenue = await self._collection.find_one({"_id": reservation.id})
        if tenue is None:  # freed meanwhile
            return await self.prendre(reservation, perime_avant)
        return Reservation(
            tenue["_id"],
            tenue["depot"],
            tenue["prise_le"],
            tenue["empreinte"],
            tenue["statut"],
            tenue["reponse"],
        )

    async def rendre(self, id_: str) -> None:
        """Free a key."""
        await self._collection.delete_one({"_id": id_})

    async def repondre(self, reservation: Reservation) -> None:
        """Keep the answer."""
        await self._collection.replace_one({"_id": reservation.id}, self._document(reservation))

    def _document(self, reservation: Reservation) -> Document:
        return {
            "_id": reservation.id,
            "depot": reservation.depot,
            "prise_le": reservation.prise_le,
            "empreinte": reservation.empreinte,
            "statut": reservation.statut,
            "reponse": reservation.reponse,
            "expire_le": reservation.prise_le + self._duree,
        }
