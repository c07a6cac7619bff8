"""The daily counters in MongoDB."""

from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Any

from pymongo.asynchronous.client_session import AsyncClientSession

from contracts.statuts import Plateforme
from services.export.adapters.mongo import BaseMongo
from services.export.domain.compteurs import LUS
from services.export.ports import Document
from services.kernel.mongo import in_transaction


class CompteursMongo:
    """Implements `usecases.compter.Compteurs`, and reads what is kept."""

    def __init__(self, base: BaseMongo) -> None:
        """Use `base`."""
        self._base = base

    async def a_compter(self) -> AsyncIterator[Document]:
        """Yield what is counted of every offer."""
        curseur = self._base.formations.find(
            {}, {"_id": 0, **dict.fromkeys(LUS, 1)}, batch_size=2_000
        )
        async for offre in curseur:
            yield offre

    async def comptes(self, jour: date) -> bool:
        """Tell whether a day is counted."""
        return await self._base.compteurs.find_one({"jour": jour.isoformat()}) is not None

    async def garder(self, jour: date, comptes: Sequence[Document]) -> None:
        """Replace the counts of a day in one transaction."""

        async def travail(session: AsyncClientSession) -> None:
            await self._base.compteurs.delete_many({"jour": jour.isoformat()}, session=session)
            await self._base.compteurs.insert_many(comptes, session=session, ordered=False)

        await in_transaction(self._base.client, travail)

    async def lire(
        self,
        plateformes: Sequence[Plateforme],
        academies: Sequence[str] | None,
        regions: Sequence[str],
        *,
        du: date | None,
        au: date | None,
    ) -> list[Document]:
        """Return the counts by day, platform, académie; `academies` None adds the totals.

        With `regions`, those of these régions instead.
        """
        criteres: dict[str, Any] = {"plateforme": {"$in": [un.value for un in plateformes]}}
        if regions:
            criteres |= {"academie": None, "region": {"$in": list(regions)}}
        elif academies is not None:
            criteres["academie"] = {"$in": list(academies)}
        bornes = {"$gte": du, "$lte": au}
        jours = {operateur: un.isoformat() for operateur, un in bornes.items() if un is not None}
        if jours:
            criteres["jour"] = jours
        curseur = self._base.compteurs.find(
            criteres, {"_id": 0}, sort=[("jour", 1), ("plateforme", 1), ("_id", 1)]
        )
        return [compte async for compte in curseur]
