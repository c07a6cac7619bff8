"""What the routes of rules read of the offers: those of some diplomas, and counts by rule."""

from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

from contracts.statuts import Plateforme
from services.export.adapters.mongo import BaseMongo
from services.export.domain.reevaluation import Diplome
from services.export.ports import Document

_PAR_LOT: Final = 4_000
# Neither judged nor shown in a preview, and a third of a document.
_INUTILES: Final = ("constats", "alertes", "romes", "periode", "lieu_formation_adresse", "region")


class LecturesRegles:
    """Reads of the formations, by level and diploma."""

    def __init__(self, base: BaseMongo) -> None:
        """Read from `base`."""
        self._base = base

    async def de(
        self,
        diplomes: frozenset[Diplome],
        plateforme: Plateforme,
        academies: Sequence[str] | None,
    ) -> AsyncIterator[Document]:
        """Yield the offers of diplomas, by their index, with their facts on a platform."""
        filtre: Document = {
            "$or": [
                {"projection.niveau": niveau, "projection.diplome": diplome}
                for niveau, diplome in sorted(diplomes)
            ]
        }
        if academies is not None:
            filtre["projection.num_academie"] = {"$in": list(academies)}
        champs = {
            "projection": 1,
            f"decisions.{plateforme}": 1,
            f"retours.{plateforme}": 1,
        }
        curseur = self._base.formations.find(filtre, champs, sort=[("_id", 1)], batch_size=_PAR_LOT)
        async with curseur:
            async for document in curseur:
                yield document

    async def compter(
        self, plateforme: Plateforme, academies: Sequence[str] | None
    ) -> list[dict[str, Any]]:
        """Return how many offers each rule decides for, by level, diploma and displayed status."""
        filtre: Document = {"projection.niveau": {"$exists": True}}
        if academies is not None:
            filtre["projection.num_academie"] = {"$in": list(academies)}
        groupes = await self._base.formations.aggregate(
            [
                {"$match": filtre},
                {
                    "$group": {
                        "_id": {
                            "niveau": "$projection.niveau",
                            "diplome": "$projection.diplome",
                            "regle": f"$eligibilites.{plateforme}.regle",
                            "statut": f"$affiche.{plateforme}",
                        },
                        "nombre": {"$sum": 1},
                    }
                },
            ]
        )
        return [{**groupe["_id"], "nombre": groupe["nombre"]} async for groupe in groupes]
