"""What the use cases of export need of the outside."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from services.export.domain.projections import Juge
from services.export.domain.reevaluation import Balayage
from services.export.domain.vie_regles import Acte
from services.kernel.events import Event

T = TypeVar("T")
Document = dict[str, Any]


class Transaction(Protocol):
    """Reads from one snapshot and writes that are seen together or never."""

    async def formations(self, ids: Sequence[str]) -> dict[str, Document]:
        """Return the stored formations among `ids`, by id."""
        ...

    async def ecrire(self, nouvelles: Sequence[Document], remplacees: Sequence[Document]) -> None:
        """Insert formations that were not there and replace others that were."""
        ...

    async def journaliser(self, decision: Document) -> None:
        """Append a decision to the history, which is never rewritten."""
        ...

    async def historiser(self, changements: Sequence[Document]) -> None:
        """Append changes of displayed status to their history, which is never rewritten."""
        ...

    async def noter_acte(self, acte: Document) -> None:
        """Append what a person did beside deciding (texts, a rejection); never rewritten."""
        ...

    async def lot(self, jeton: str) -> Document | None:
        """Return a bulk decision that was tried."""
        ...

    async def avancer_lot(self, jeton: str, resultats: Sequence[Document]) -> None:
        """Keep the results of the next batch of a bulk decision."""
        ...

    async def clore_envoi(self, envoi: str, reponse: Document) -> None:
        """Keep the answer of an exchange and end it."""
        ...

    async def envoi_actif(self) -> bool:
        """Tell whether the switch of Parcoursup is on."""
        ...

    async def relecture_en_vigueur(self) -> datetime | None:
        """Return when the read-back of Parcoursup that is applied last was asked for."""
        ...

    async def noter_relecture(self, lot: Document) -> None:
        """Keep what a read-back changed of a batch of offers."""
        ...

    async def emettre(self, evenements: Sequence[Event]) -> None:
        """Have these events published if the transaction commits, else never."""
        ...


class Base(Protocol):
    """Export's database."""

    async def transaction(self, travail: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run `travail` in a transaction; it may be run again from a new snapshot."""
        ...


class Reevaluations(Protocol):
    """Where the sweep of stale judgements stands, what it visits and what it writes."""

    async def balayage(self) -> Balayage | None:
        """Return the last sweep, whole or not."""
        ...

    async def commencer(self, balayage: Balayage) -> Balayage:
        """Keep a sweep that begins; return it with the server's time."""
        ...

    async def avancer(self, balayage: Balayage) -> None:
        """Keep how far a sweep came."""
        ...

    def lots(self, balayage: Balayage, taille: int) -> AsyncGenerator[list[Document], None]:
        """Yield what the sweep still has to visit, in batches, in the order of ids."""
        ...

    def retardataires(
        self, balayage: Balayage, taille: int
    ) -> AsyncGenerator[list[Document], None]:
        """Yield what was written about when the sweep passed, or since, under another mark."""
        ...

    async def marquer(self, documents: Sequence[Document], marque: str) -> None:
        """Note that documents, if still as read, are judged under `marque` as they stand."""
        ...

    async def ecrire(
        self,
        jugees: Sequence[Document],
        historique: Sequence[Document],
        evenements: Sequence[Event],
    ) -> bool:
        """Write judgements, what they changed, and their events.

        False, and nothing, when one changed since it was read.
        """
        ...


Decider = Callable[[Mapping[str, Document]], Sequence[Acte]]
"""Makes acts of the stored rules, by id; pure, it may be called again from newer ones."""


class Regles(Protocol):
    """The stored rules and their history."""

    async def toutes(self) -> list[Document]:
        """Return the rules in force, by id."""
        ...

    async def une(self, identifiant: str) -> Document | None:
        """Return a rule, deleted or not."""
        ...

    async def agir(self, decider: Decider) -> Sequence[Acte]:
        """Store the acts decided with their history, at once; what rests on rules follows."""
        ...


class Lots(Protocol):
    """The bulk decisions that were tried: what was selected, under which versions."""

    async def garder(self, lot: Document) -> None:
        """Keep a trial, unless it is kept already."""
        ...

    async def lire(self, jeton: str) -> Document | None:
        """Return a trial with the results of its application so far."""
        ...


class Juges(Protocol):
    """The rules and campaigns in force."""

    async def courant(self) -> Juge:
        """Return the judge of the present rules, campaigns and business day."""
        ...
