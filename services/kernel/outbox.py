"""The outbox: events are written in the transaction of the write that caused them.

One document per transaction holds its events as one compressed chunk (measured: a row per event
costs mongod half as much again). `ordre` is stamped by the server at insertion, so that documents
about the same key are ordered as their transactions were; see `relay`.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from bson import Binary, ObjectId, Timestamp
from pymongo import ASCENDING
from pymongo.asynchronous.client_session import AsyncClientSession

from services.kernel import chunk
from services.kernel.events import Event
from services.kernel.mongo import Database, Document, on_commit

COLLECTION: Final = "outbox"
_SERVER_TIME: Final = Timestamp(0, 0)
_READ_ALL: Final = 2**62


class Outbox:
    """The events of one service's database that are not yet in Kafka."""

    def __init__(self, database: Database, *, bytes_max: int) -> None:
        """Hold the outbox of `database`, in documents of at most `bytes_max` before compression."""
        self.database = database
        self.collection = database[COLLECTION]
        self.wake = asyncio.Event()
        self._bytes_max = bytes_max

    async def prepare(self) -> None:
        """Create the index; idempotent. To be called at start, outside any transaction."""
        await self.collection.create_index([("ordre", ASCENDING)])

    async def add(self, session: AsyncClientSession, events: Sequence[Event]) -> None:
        """Write `events` in the transaction of `session`: published if it commits, else never.

        Events of one key leave in the order of their transactions and, within one, in the order
        given. The transaction must also write the aggregate of each event, or two of them could
        commit unordered. A relay of this process is woken by the commit.
        """
        if not events:
            return
        if not session.in_transaction:
            raise RuntimeError("l'outbox ne s'écrit que dans une transaction")
        now = datetime.now(UTC)
        documents = [
            {"ordre": _SERVER_TIME, "nombre": len(part), "cree_le": now, "bloc": Binary(packed)}
            for part, packed in chunk.pack(events, self._bytes_max)
        ]
        await self.collection.insert_many(documents, session=session, ordered=True)
        on_commit(session, self.wake.set)

    async def oldest(self, *, documents: int, bytes_max: int = _READ_ALL) -> list[Document]:
        """Return the first `documents` to publish, in order, as one snapshot of majority writes.

        Fewer once they pass `bytes_max` together; at least one if there is any.
        """
        found: list[Document] = []
        size = 0
        async with self.database.client.start_session(snapshot=True) as session:
            cursor = self.collection.find(session=session).sort("ordre", ASCENDING)
            async with cursor.limit(documents):
                async for document in cursor:
                    found.append(document)
                    size += len(document["bloc"])
                    if size >= bytes_max:
                        break
        return found

    async def delete(self, ids: Sequence[ObjectId]) -> None:
        """Forget published documents, by majority: with less they would be read again."""
        await self.collection.delete_many({"_id": {"$in": list(ids)}})

    async def oldest_age(self) -> float:
        """Return for how many seconds the oldest events have waited; 0 when none do."""
        found = await self.oldest(documents=1)
        return age(found[0]) if found else 0.0


def age(document: Document) -> float:
    """Return how many seconds ago the events of a document were written."""
    written: datetime = document["cree_le"]
    return (datetime.now(UTC) - written).total_seconds()
