"""The trials of bulk decisions in MongoDB, kept for a time."""

from services.export.adapters.mongo import BaseMongo
from services.export.ports import Document


class LotsMongo:
    """Implements `ports.Lots`."""

    def __init__(self, base: BaseMongo) -> None:
        """Use `base`."""
        self._lots = base.lots

    async def garder(self, lot: Document) -> None:
        """Insert the trial, unless the same one is there."""
        await self._lots.update_one(
            {"_id": lot["_id"]},
            {"$setOnInsert": {nom: valeur for nom, valeur in lot.items() if nom != "_id"}},
            upsert=True,
        )

    async def lire(self, jeton: str) -> Document | None:
        """Return the trial."""
        return await self._lots.find_one({"_id": jeton})
