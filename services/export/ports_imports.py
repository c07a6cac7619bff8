"""What the Affelnet imports need of the outside, beside `ports`."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from typing import Protocol, TypeVar

from services.export.domain.lignes_affelnet import LigneLue
from services.export.ports import Document, Transaction

T = TypeVar("T")


class TransactionDImport(Transaction, Protocol):
    """A transaction that also reads every offer and keeps what was applied."""

    def offres(self, champs: Sequence[str]) -> AsyncGenerator[list[Document], None]:
        """Yield these fields of every stored formation, in batches, from the snapshot."""
        ...

    async def noter_application(self, identifiant: str, application: Document) -> None:
        """Append an application to an import."""
        ...


class Imports(Protocol):
    """The staged imports: rows, last preview, applications."""

    async def garder(self, entete: Document, lignes: Sequence[LigneLue]) -> bool:
        """Keep a new import whole; False when it is held already. Seen only once it is whole."""
        ...

    async def un(self, identifiant: str) -> Document | None:
        """Return an import without its rows."""
        ...

    async def lignes(self, identifiant: str) -> list[LigneLue]:
        """Return the rows of an import, in their order."""
        ...

    def offres(self, champs: Sequence[str]) -> AsyncGenerator[list[Document], None]:
        """Yield these fields of every stored formation, in batches, from one snapshot."""
        ...

    async def completes(self, ids: Sequence[str]) -> dict[str, Document]:
        """Return the stored formations among `ids`, by id."""
        ...

    async def garder_apercu(
        self,
        identifiant: str,
        apercu: Document,
        rapport: Sequence[Document],
        differences: Sequence[Document],
    ) -> None:
        """Make a preview the last one of an import, at once; the former is forgotten."""
        ...

    async def transaction(self, travail: Callable[[TransactionDImport], Awaitable[T]]) -> T:
        """Run `travail` in a transaction; it may be run again from a new snapshot."""
        ...
