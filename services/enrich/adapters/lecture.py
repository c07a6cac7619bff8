"""Reading formations outside transactions: digests of all, the history of one."""

from collections.abc import AsyncIterator
from typing import Any, Final

from pymongo import ASCENDING

from services.enrich.adapters.mongo import FORMATIONS, HISTORIQUE, identifiant_d_entree
from services.kernel.mongo import Database

_EMPREINTE: Final = ("sequence", "empreinte", "etat", "offre_sequence", "offre_empreinte")


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

    async def existe(self, formation: str) -> bool:
        """Tell whether a formation is known, whatever its state."""
        return await self._formations.find_one({"_id": formation}, {"_id": 1}) is not None

    async def historique(self, formation: str, apres: int, limite: int) -> list[dict[str, Any]]:
        """Return the changes of a formation after a sequence, oldest first, at most `limite`."""
        bornes = {
            "$gt": identifiant_d_entree(formation, apres),
            "$lt": f"{formation}/",  # the character that follows the dot of the ids
        }
        curseur = self._historique.find({"_id": bornes}, {"_id": 0}).sort("_id", ASCENDING)
        return [document async for document in curseur.limit(limite)]
