"""Counts the catalogue once a day, or when asked (domain.md §6)."""

from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Protocol

from services.export.domain.compteurs import compter
from services.export.ports import Document
from services.kernel.clock import Clock, now_as_stored


class Compteurs(Protocol):
    """Where offers are read to be counted, and where counts are kept."""

    def a_compter(self) -> AsyncIterator[Document]:
        """Yield what is counted of every offer."""
        ...

    async def comptes(self, jour: date) -> bool:
        """Tell whether a day is counted."""
        ...

    async def garder(self, jour: date, comptes: Sequence[Document]) -> None:
        """Put the counts of a day in the place of earlier ones, all at once."""
        ...


async def compter_le_jour(jour: date, compteurs: Compteurs, horloge: Clock) -> int:
    """Count the offers and keep the counts of the day; return how many records.

    An empty catalogue is not counted: its day is still to come.
    """
    offres = [offre async for offre in compteurs.a_compter()]
    if not offres:
        return 0
    comptes = compter(offres, jour, now_as_stored(horloge))
    await compteurs.garder(jour, comptes)
    return len(comptes)
