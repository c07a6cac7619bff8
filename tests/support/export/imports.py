"""The staged Affelnet imports in memory."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from typing import Any, TypeVar

from services.export.domain.lignes_affelnet import LigneLue
from services.export.ports import Document
from tests.support.export.etat import stocke
from tests.support.export.magasin import Magasin, offres

T = TypeVar("T")


class ImportsEnMemoire:
    """Implements `ports_imports.Imports`."""

    def __init__(self, magasin: Magasin) -> None:
        """Import into `magasin`."""
        self._magasin = magasin

    async def garder(self, entete: Document, lignes: Sequence[LigneLue]) -> bool:
        etat = self._magasin.etat
        if entete["_id"] in etat.imports:
            return False
        etat.imports[entete["_id"]] = stocke(entete)
        etat.lignes[entete["_id"]] = list(lignes)
        return True

    async def un(self, identifiant: str) -> Document | None:
        tenu = self._magasin.etat.imports.get(identifiant)
        return stocke(tenu) if tenu else None

    async def lignes(self, identifiant: str) -> list[LigneLue]:
        return list(self._magasin.etat.lignes[identifiant])

    async def offres(self, champs: Sequence[str]) -> AsyncGenerator[list[Document], None]:
        async for lot in offres(self._magasin.etat, champs):
            yield lot

    async def completes(self, ids: Sequence[str]) -> dict[str, Document]:
        tenues = self._magasin.etat.formations
        return {un: stocke(tenues[un]) for un in ids if un in tenues}

    async def garder_apercu(
        self,
        identifiant: str,
        apercu: Document,
        rapport: Sequence[Document],
        differences: Sequence[Document],
    ) -> None:
        for document in (*rapport, *differences):
            stocke(document)
        tenu = self._magasin.etat.imports[identifiant]
        self._magasin.etat.imports[identifiant] = stocke({**tenu, "apercu": apercu})

    async def transaction(self, travail: Callable[[Any], Awaitable[T]]) -> T:
        return await self._magasin.transaction(travail)
