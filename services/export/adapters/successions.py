"""The newer offers whose succession a platform has not settled, found by an index of them alone."""

from collections.abc import AsyncIterator
from typing import Any, Final

from services.export.adapters.mongo import BaseMongo
from services.export.domain.succession import en_suspens
from services.kernel.batches import in_batches

_LUS: Final[dict[str, Any]] = {"eligibilites": 1, "remplacements": 1}


class SuccessionsMongo:
    """Reads successions."""

    def __init__(self, base: BaseMongo) -> None:
        """Read from `base`."""
        self._base = base

    async def en_suspens(self, taille: int) -> AsyncIterator[list[str]]:
        """Yield the ids of the newer offers not settled everywhere, in batches."""
        curseur = self._base.formations.find({"projection.predecesseurs": {"$exists": True}}, _LUS)
        attendent = (un["_id"] async for un in curseur if en_suspens(un))
        async for ids in in_batches(attendent, taille):
            yield ids
