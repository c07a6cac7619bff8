"""Operations on all offers, and bulk decisions, in memory."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

from contracts.statuts import Plateforme
from services.export.ports import Document
from tests.support.export.etat import stocke
from tests.support.export.magasin import Magasin, journal

T = TypeVar("T")


class OperationsEnMemoire:
    """Implements `ports_operations.Operations`."""

    def __init__(self, magasin: Magasin) -> None:
        """Use the operations of `magasin`."""
        self._magasin = magasin

    async def une(self, identifiant: str) -> Document | None:
        tenue = self._magasin.etat.operations.get(identifiant)
        return stocke(tenue) if tenue else None

    async def en_cours(self) -> list[Document]:
        restent = [
            stocke(une)
            for une in self._magasin.etat.operations.values()
            if une["etape"] != "terminee"
        ]
        return sorted(restent, key=lambda une: (une["demandee_le"], une["_id"]))

    async def demander(self, operation: Document) -> bool:
        if operation["_id"] in self._magasin.etat.operations:
            return False
        self._magasin.etat.operations[operation["_id"]] = stocke(operation)
        return True

    async def enregistree(self, plateforme: Plateforme) -> bool:
        return plateforme.value in self._magasin.etat.debuts

    async def offres(self) -> AsyncIterator[list[Document]]:
        offres = sorted(self._magasin.etat.formations.items())
        if offres:
            yield [stocke(offre) for _, offre in offres]

    async def journal(
        self, formations: Sequence[str], plateforme: Plateforme
    ) -> Mapping[str, list[Document]]:
        return journal(self._magasin.etat, formations, plateforme)

    async def transaction(self, travail: Callable[[Any], Awaitable[T]]) -> T:
        return await self._magasin.transaction(travail)


class LotsEnMemoire:
    """Implements `ports.Lots`."""

    def __init__(self, magasin: Magasin) -> None:
        """Use the trials of `magasin`."""
        self._magasin = magasin

    async def garder(self, lot: Document) -> None:
        self._magasin.etat.lots.setdefault(lot["_id"], stocke(lot))

    async def lire(self, jeton: str) -> Document | None:
        tenu = self._magasin.etat.lots.get(jeton)
        return stocke(tenu) if tenu else None
