"""A lease in MongoDB: at most one holder at a time, by the server's clock.

A holder that was frozen may believe in it for longer: whatever is done under a lease needs a fence
of its own (the relay's is Kafka's, see `relay`).
"""

import uuid
from time import monotonic
from typing import Final

from pymongo import ReturnDocument

from services.kernel.mongo import Database

COLLECTION: Final = "baux"
_RENEWALS: Final = 3  # in the time of one lease


class Lease:
    """The lease of one name, as one process holds it or not."""

    def __init__(self, database: Database, name: str, seconds: float) -> None:
        """Hold the lease for `seconds` at a time."""
        self._collection = database[COLLECTION]
        self._name = name
        self._seconds = seconds
        self._holder = uuid.uuid4().hex
        self._renew_at = 0.0

    async def hold(self) -> bool:
        """Take or prolong the lease; return whether this process holds it now."""
        now = monotonic()
        if now < self._renew_at:
            return True
        until = {"$add": ["$$NOW", int(self._seconds * 1000)]}
        free = {"$or": [{"$eq": ["$porteur", self._holder]}, {"$lt": ["$jusqua", "$$NOW"]}]}
        lease = await self._collection.find_one_and_update(
            {"_id": self._name},
            [
                {
                    "$set": {
                        "porteur": {"$cond": [free, self._holder, "$porteur"]},
                        "jusqua": {"$cond": [free, until, "$jusqua"]},
                    }
                }
            ],
            upsert=True,
            return_document=ReturnDocument.AFTER,
        )
        held = lease is not None and lease["porteur"] == self._holder
        self._renew_at = now + self._seconds / _RENEWALS if held else 0.0
        return held

    async def release(self) -> None:
        """Let the next process take the lease at once; nothing happens if it is another's."""
        self._renew_at = 0.0
        await self._collection.delete_one({"_id": self._name, "porteur": self._holder})
