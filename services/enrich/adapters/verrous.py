"""The barrier before a new pass: nothing older is written once it is there.

    verrous    {_id: "barriere", depassees, jour, regles, prises}
               {_id: <lock>, depassees, jour, regles, prises}

Each writing transaction touches a lock of its own, which bears a copy of the barrier. Raising the
barrier removes the locks: that waits for the transactions that touched theirs, makes those conflict
that read before and touch after, and has every later one take a lock anew, under the new barrier.
No clock, no waiting time: see decision 13.
"""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from pymongo import ReturnDocument
from pymongo.asynchronous.client_session import AsyncClientSession

from services.enrich.domain.recalcul import Barriere, Socle
from services.enrich.ports import SocleDepasse
from services.kernel.errors import RaceLost
from services.kernel.mongo import Client, Database, Document, in_transaction

VERROUS: Final = "verrous"
_BARRIERE: Final = "barriere"
_PRISE: Final[dict[str, Any]] = {"$inc": {"prises": 1}}


class Verrou:
    """A lock of one transaction at a time."""

    def __init__(self, client: Client, database: Database) -> None:
        """Register nothing yet."""
        self._client = client
        self._verrous = database[VERROUS]
        self._nom: str | None = None

    async def inscrire(self) -> None:
        """Take a lock under the present barrier, unless there is one; outside any transaction."""
        if self._nom is not None:
            return
        nom = uuid.uuid4().hex

        async def travail(session: AsyncClientSession) -> None:
            barriere = await self._verrous.find_one_and_update(
                {"_id": _BARRIERE},
                _PRISE,
                upsert=True,
                return_document=ReturnDocument.AFTER,
                session=session,
            )
            await self._verrous.insert_one({**(barriere or {}), "_id": nom}, session=session)

        await in_transaction(self._client, travail)
        self._nom = nom

    async def tenir(self, socle: Socle, session: AsyncClientSession) -> None:
        """Hold the lock until the transaction ends.

        Raises `SocleDepasse`, or `RaceLost` when the barrier was raised meanwhile.
        """
        document = await self._verrous.find_one_and_update(
            {"_id": self._nom}, _PRISE, session=session
        )
        if document is None:
            self._nom = None
            raise RaceLost("une reprise du catalogue commence")
        if not _barriere(document).admet(socle):
            raise SocleDepasse("les formations se calculent désormais d'après d'autres tables")


class Verrous:
    """The locks of one process: as many as it has transactions at a time."""

    def __init__(self, client: Client, database: Database) -> None:
        """Hold locks of `database`."""
        self._client = client
        self._database = database
        self._libres: list[Verrou] = []

    async def prepare(self) -> None:
        """Create the barrier; idempotent."""
        await self._database[VERROUS].update_one(
            {"_id": _BARRIERE}, {"$setOnInsert": _document(Barriere())}, upsert=True
        )

    @asynccontextmanager
    async def un(self) -> AsyncIterator[Verrou]:
        """Give a lock that no other transaction of this process uses."""
        verrou = self._libres.pop() if self._libres else Verrou(self._client, self._database)
        try:
            yield verrou
        finally:
            self._libres.append(verrou)

    async def barrer(self, barriere: Barriere) -> None:
        """Raise the barrier; see `ports_recalcul.Recalculs`."""
        verrous = self._database[VERROUS]
        await verrous.update_one({"_id": _BARRIERE}, {"$set": _document(barriere)}, upsert=True)
        await verrous.delete_many({"_id": {"$ne": _BARRIERE}})


def _document(barriere: Barriere) -> Document:
    return {
        "depassees": sorted(barriere.depassees),
        "jour": barriere.jour,
        "regles": barriere.regles,
    }


def _barriere(document: Document) -> Barriere:
    return Barriere(
        frozenset(document.get("depassees", ())),
        document.get("jour", ""),
        document.get("regles", 0),
    )
