"""A lease in MongoDB: at most one holder at a time, by the server's clock.

A holder that was frozen may believe in it for longer: whatever is done under a lease needs a fence
of its own (the relay's is Kafka's, see `relay`).
"""

import uuid
from typing import Final

from pymongo.errors import DuplicateKeyError

from services.kernel.mongo import Database

COLLECTION: Final = "baux"


class Lease:
    """The lease of one name, as one process holds it or not."""

    def __init__(self, database: Database, name: str, seconds: float) -> None:
        """Hold the lease for `seconds` at a time."""
        self._collection = database[COLLECTION]
        self._name = name
        self._milliseconds = int(seconds * 1000)
        self._holder = uuid.uuid4().hex

    async def hold(self) -> bool:
        """Take or prolong the lease; return whether this process holds it now."""
        taken = {"porteur": self._holder, "jusqua": {"$add": ["$$NOW", self._milliseconds]}}
        free = {"$lt": ["$jusqua", "$$NOW"]}
        try:
            result = await self._collection.update_one(
                {"_id": self._name, "$or": [{"porteur": self._holder}, {"$expr": free}]},
                [{"$set": taken}],
                upsert=True,
            )
        except DuplicateKeyError:  # it exists and is held by another: the upsert met its _id
            return False
        return bool(result.matched_count or result.upserted_id)

    async def release(self) -> None:
        """Let the next process take the lease at once; nothing happens if it is another's."""
        await self._collection.delete_one({"_id": self._name, "porteur": self._holder})
