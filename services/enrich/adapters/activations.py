"""Which version is active: the last entry of a journal that is only appended to.

    referentiel_activations    {_id: 1, 2, 3…, version, le, par, avant, retour}

One insert activates; two at the same time want the same number, and only one gets it. `avant` is
the entry that going back returns to.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pymongo import DESCENDING
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import DuplicateKeyError

from services.kernel.errors import RaceLost
from services.kernel.mongo import Database, Document

ACTIVATIONS: Final = "referentiel_activations"


@dataclass(frozen=True, slots=True)
class Activation:
    """One entry of the journal."""

    numero: int
    version: str
    le: datetime
    par: str
    avant: int | None
    retour: bool


class Journal:
    """The activations of one database."""

    def __init__(self, database: Database) -> None:
        """Keep the journal in `database`."""
        self._entrees = database[ACTIVATIONS]

    async def derniere(self, session: AsyncClientSession | None = None) -> Activation | None:
        """Return the entry in force."""
        document = await self._entrees.find_one(sort=[("_id", DESCENDING)], session=session)
        return _activation(document) if document else None

    async def avant(
        self, entree: Activation, session: AsyncClientSession | None = None
    ) -> Activation | None:
        """Return the entry that going back from this one returns to."""
        document = await self._entrees.find_one({"_id": entree.avant}, session=session)
        return _activation(document) if document else None

    async def lister(self, nombre: int) -> list[Activation]:
        """Return the last entries, newest first."""
        curseur = self._entrees.find().sort("_id", DESCENDING).limit(nombre)
        return [_activation(document) async for document in curseur]

    async def ajouter(self, entree: Activation, session: AsyncClientSession) -> None:
        """Append an entry; raises `RaceLost` when its number is taken."""
        document = {
            "_id": entree.numero,
            "version": entree.version,
            "le": entree.le,
            "par": entree.par,
            "avant": entree.avant,
            "retour": entree.retour,
        }
        try:
            await self._entrees.insert_one(document, session=session)
        except DuplicateKeyError as erreur:
            raise RaceLost from erreur


def _activation(document: Document) -> Activation:
    return Activation(
        document["_id"],
        document["version"],
        document["le"],
        document["par"],
        document["avant"],
        document["retour"],
    )
