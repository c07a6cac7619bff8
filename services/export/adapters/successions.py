"""The newer offers whose succession a platform has not settled, found by an index of them alone."""

from collections.abc import AsyncIterator
from typing import Any, Final

from services.export.adapters.mongo import BaseMongo
from services.export.domain.succession import en_suspens

_LUS: Final[dict[str, Any]] = {"eligibilites": 1, "remplacements": 1}


class SuccessionsMongo:
    """Reads successions."""

    def __init__(self, base: BaseMongo) -> None:
        """Read from `base`."""
        self._base = base

    async def en_suspens(self, taille: int) -> AsyncIterator[list[str]]:
        """Yield the ids of the newer offers not settled everywhere, in batches."""
        ids: list[str] = []
        criteres = {"projection.predecesseurs": {"$exists": True}}
        async for document in self._base.formations.find(criteres, _LUS):
            if en_suspens(document):
                ids.append(document["_id"])
            if len(ids) == taille:
                yield ids
                ids = []
        if ids:
            yield ids
