"""What collect needs of the world: a store of offers and deposits, written in transactions."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from services.collect.domain.depot import Depot, Lot, Passage, Reponse
from services.collect.domain.lignes import LigneJugee
from services.collect.domain.tenue import Tenue
from services.kernel.events import Event

T = TypeVar("T")


class Transaction(Protocol):
    """One transaction over offers, deposits and the outbox: all of it or nothing.

    An alias that two transactions claim makes the second raise `RaceLost`, and be run again.
    """

    async def vue(self, aliases: Collection[str]) -> list[Tenue]:
        """Return the offers that bear these aliases, each once, without their contents."""
        ...

    async def entieres(self, ids: Sequence[str]) -> dict[str, Tenue]:
        """Return whole offers by id, held until the end of the transaction: no other may write."""
        ...

    async def inserer(self, tenues: Sequence[Tenue]) -> None:
        """Write new offers."""
        ...

    async def remplacer(self, tenues: Sequence[Tenue]) -> None:
        """Write offers that exist, whole, in the order given."""
        ...

    async def garder_lot(self, lot: Lot) -> None:
        """Store a batch of judged lines."""
        ...

    async def garder_depot(self, depot: Depot) -> None:
        """Store the deposit as it is now."""
        ...

    async def publier(self, evenements: Sequence[Event]) -> None:
        """Have events published if the transaction commits."""
        ...


class Offres(Protocol):
    """The store, for writing."""

    async def transaction(self, travail: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run `travail`, maybe several times, and commit it with majority.

        Raises `kernel.errors.Retry` or `Contention` when nothing, surely, was committed.
        """
        ...

    async def vue(self, aliases: Collection[str]) -> list[Tenue]:
        """Return the offers that bear these aliases, outside any transaction."""
        ...

    async def par_id(self, id_: str) -> Tenue | None:
        """Return one whole offer."""
        ...

    async def par_racine(self, racine: str) -> list[Tenue]:
        """Return the offers, two at most, of which a clé begins with a root (up to its `#`)."""
        ...

    async def publiees(self, deposant: str) -> int:
        """Count the offers of a depositor that are neither withdrawn, replaced nor unpublished."""
        ...

    async def garder_reponses(self, reponses: Sequence[Reponse]) -> None:
        """Store answers; those that are stored already change nothing."""
        ...

    async def garder_passages(self, passages: Sequence[Passage]) -> None:
        """Store stages passed; those that are stored already change nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Resume:
    """What the chunks of a deposit say together, without its lines (`rapport.en_ensembles`)."""

    lots: list[dict[str, Any]]
    reponses: list[dict[str, Any]]
    passages: list[dict[str, Any]]


class Depots(Protocol):
    """The store, for reading deposits."""

    async def depot(self, id_: str) -> Depot | None:
        """Return one deposit."""
        ...

    async def depots(self, deposant: str | None, avant: str | None, limite: int) -> list[Depot]:
        """Return deposits, the latest first: of one depositor, or of all; older than `avant`."""
        ...

    async def bilan(self, depot: str) -> dict[str, Any] | None:
        """Return what `garder_bilan` kept of a deposit, None before."""
        ...

    async def garder_bilan(self, depot: str, bilan: dict[str, Any]) -> None:
        """Keep the totals of a deposit that will not change."""
        ...

    async def resume(self, depot: str) -> Resume:
        """Return what the chunks of a deposit say, without its lines."""
        ...

    def lots(self, depot: str, apres: int) -> AsyncIterator[list[LigneJugee]]:
        """Yield the stored lines after a rank, batch by batch, in order."""
        ...

    async def reponses(
        self, depot: str, premier: int, dernier: int
    ) -> dict[int, list[tuple[str | None, Sequence[dict[str, str]]]]]:
        """Return the answers on lines of a range, by rank."""
        ...


@dataclass(slots=True)
class Reservation:
    """An `Idempotency-Key` of a holder, for the request that came first with it."""

    id: str
    depot: str
    prise_le: datetime
    empreinte: str | None = None
    statut: int = 0
    reponse: bytes = b""


class Reservations(Protocol):
    """The idempotency keys that were used lately."""

    async def prendre(self, reservation: Reservation, perime_avant: datetime) -> Reservation | None:
        """Take a key; return None when it was free, else what its first request left.

        One taken before `perime_avant` and never answered was left by a process that is gone: it is
        taken over.
        """
        ...

    async def rendre(self, id_: str) -> None:
        """Free a key whose request left nothing."""
        ...

    async def repondre(self, reservation: Reservation) -> None:
        """Keep the digest of the body and the answer, for later requests with the key."""
        ...
