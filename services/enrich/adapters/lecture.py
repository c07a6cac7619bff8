"""Reading formations outside transactions: digests of all, one and its history."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pymongo import ASCENDING, DESCENDING

from services.enrich.adapters.mongo import FORMATIONS, HISTORIQUE, identifiant_d_entree
from services.kernel.mongo import Database, Document

_EMPREINTE: Final = ("sequence", "empreinte", "etat", "offre_sequence", "offre_empreinte")


@dataclass(frozen=True, slots=True)
class Recul:
    """The way back: fields of the changes to undo, newest first, and the entry that it leads to.

    `depuis` is when that one was written; None when it is the creation.
    """

    defaites: list[Mapping[str, Any]]
    sequence: int
    depuis: datetime | None


class Lecture:
    """Reads of one database, at majority."""

    def __init__(self, database: Database) -> None:
        """Read `database`."""
        self._formations = database[FORMATIONS]
        self._historique = database[HISTORIQUE]

    async def empreintes(self) -> AsyncIterator[dict[str, Any]]:
        """Yield id, sequence, digest and state of every formation, by id, and its last offer's."""
        champs = dict.fromkeys(_EMPREINTE, 1)
        async with self._formations.find({}, champs).sort("_id", ASCENDING) as curseur:
            async for document in curseur:
                document["id"] = document.pop("_id")
                yield document

    async def trouver(self, formation: str) -> Document | None:
        """Return a formation as stored, whatever its state."""
        return await self._formations.find_one({"_id": formation})

    async def historique(self, formation: str, apres: int, limite: int) -> list[dict[str, Any]]:
        """Return the changes of a formation after a sequence, oldest first, at most `limite`."""
        bornes = {"$gt": identifiant_d_entree(formation, apres), "$lt": _fin(formation)}
        curseur = self._historique.find({"_id": bornes}, {"_id": 0}).sort("_id", ASCENDING)
        return [document async for document in curseur.limit(limite)]

    async def recul(self, formation: str, sequence: int, instant: datetime) -> Recul:
        """Return what undoes the changes made after an instant, from the state of a sequence on.

        What was written since that state was read is passed over.
        """
        bornes = {
            "$gt": identifiant_d_entree(formation, 0),
            "$lte": identifiant_d_entree(formation, sequence),
        }
        champs = {"_id": 0, "sequence": 1, "le": 1, "champs": 1}
        defaites: list[Mapping[str, Any]] = []
        async with self._historique.find({"_id": bornes}, champs).sort("_id", DESCENDING) as lues:
            async for entree in lues:
                if entree["le"] <= instant:
                    return Recul(defaites, entree["sequence"], entree["le"])
                defaites.append(entree["champs"])
        return Recul(defaites, 1, None)


def _fin(formation: str) -> str:
    """Return what follows the ids of all entries of a formation."""
    return f"{formation}/"  # the character that follows the dot of the ids
