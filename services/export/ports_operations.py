"""What operations on all offers need of the outside."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import date
from typing import Protocol, TypeVar

from contracts.statuts import Plateforme
from services.export.ports import Document, Transaction

T = TypeVar("T")


class TransactionDOperation(Transaction, Protocol):
    """A transaction that also moves an operation."""

    async def operation(self, identifiant: str) -> Document:
        """Return an operation as it is now: whoever moved it meanwhile is seen."""
        ...

    async def avancer(self, operation: Document) -> None:
        """Store where the operation is now."""
        ...

    async def tranche(self, apres: str, limite: int) -> list[Document]:
        """Return the stored formations whose ids follow `apres`, in their order."""
        ...

    async def saisons(self, ids: Sequence[str]) -> dict[str, Document]:
        """Return the snapshots among `ids`, by offer."""
        ...

    async def garder_saisons(self, saisons: Sequence[Document]) -> None:
        """Keep snapshots, each in the place of the one of the same id."""
        ...

    async def decisions_prises(
        self, formations: Sequence[str], plateforme: Plateforme
    ) -> Mapping[str, list[Document]]:
        """Return what the journal has of these offers on a platform, by offer."""
        ...

    async def ouvrir_campagne(self, plateforme: Plateforme, debut: date) -> None:
        """Make a campaign the current one of its platform."""
        ...


class Operations(Protocol):
    """The operations that were asked for."""

    async def une(self, identifiant: str) -> Document | None:
        """Return an operation."""
        ...

    async def en_cours(self) -> list[Document]:
        """Return those that are not finished, the first asked for first."""
        ...

    async def demander(self, operation: Document) -> bool:
        """Keep a new operation; False when one of the same id is there."""
        ...

    async def enregistree(self, plateforme: Plateforme) -> bool:
        """Tell whether the campaign in force on a platform was recorded."""
        ...

    def offres(self) -> AsyncIterator[list[Document]]:
        """Yield all stored formations, in batches, in the order of their ids."""
        ...

    async def journal(
        self, formations: Sequence[str], plateforme: Plateforme
    ) -> Mapping[str, list[Document]]:
        """Return what the journal has of these offers on a platform, by offer."""
        ...

    async def transaction(self, travail: Callable[[TransactionDOperation], Awaitable[T]]) -> T:
        """Run `travail` in a transaction; it may be run again from a new snapshot."""
        ...
