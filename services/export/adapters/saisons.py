"""The snapshots of seasons, and what became of their offers, in MongoDB."""

from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

from contracts.statuts import Plateforme
from services.export.adapters.mongo import BaseMongo
from services.export.domain.operations import Etape, NatureOperation, lire_demarrage
from services.export.ports import Document
from services.kernel.batches import in_batches

_LOT: Final = 1_000
_PRESENTES: Final[dict[str, Any]] = {
    "eligibilites": 1,
    "projection.etat": 1,
    "projection.published": 1,
    "projection.remplacee_par": 1,
    "projection.etablissement_reference_certifie_qualite": 1,
}


class SaisonsMongo:
    """Implements `usecases.comparer_saisons.Saisons`."""

    def __init__(self, base: BaseMongo) -> None:
        """Read from `base`."""
        self._base = base

    async def derniere(self, plateforme: Plateforme) -> str | None:
        """Return the campaign of the last season that ended on a platform."""
        operation = await self._base.base["operations"].find_one(
            {
                "nature": NatureOperation.DEMARRAGE.value,
                "plateforme": plateforme.value,
                "etape": {"$in": [Etape.REPRISE.value, Etape.TERMINEE.value]},
            },
            sort=[("campagne", -1)],
        )
        return lire_demarrage(operation).avant.id if operation else None

    async def perimetre(
        self, campagne: str, plateforme: Plateforme, academies: Sequence[str] | None
    ) -> AsyncIterator[list[Document]]:
        """Yield the snapshots of the offers that were in the perimeter, in batches, by id."""
        criteres: Document = {
            "campagne": campagne,
            "plateforme": plateforme.value,
            "perimetre": True,
        }
        if academies is not None:
            criteres["academie"] = {"$in": list(academies)}
        curseur = self._base.base["saisons"].find(criteres, sort=[("_id", 1)], batch_size=_LOT)
        async for lot in in_batches(curseur, _LOT):
            yield lot

    async def presentes(self, ids: Sequence[str]) -> dict[str, Document]:
        """Return what tells whether the offers are still there, by id."""
        curseur = self._base.formations.find({"_id": {"$in": list(ids)}}, _PRESENTES)
        return {document["_id"]: document async for document in curseur}
