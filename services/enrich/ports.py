"""What enrich needs of the world: a store of formations, and one of reference tables."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from services.enrich.domain.application import Changement, Plan, Reprise, Tete
from services.enrich.domain.historique import Ecarts
from services.enrich.domain.recalcul import Avancee, Socle
from services.enrich.domain.references.tables import References
from services.kernel.errors import Retry
from services.kernel.events import Event

T = TypeVar("T")


class SocleDepasse(Retry):
    """What was computed rests on tables, a day or rules that are no more to be used: load anew."""


@dataclass(frozen=True, slots=True)
class Tenue:
    """A formation as stored."""

    id: str
    tete: Tete
    modifiee_le: datetime
    origine: Mapping[str, Any] | None
    etat: Mapping[str, Any]


class Transaction(Protocol):
    """One transaction over formations, their history and the outbox: all of it or nothing."""

    async def tetes(self, ids: Iterable[str]) -> dict[str, Tete]:
        """Return what decides, by id, of the formations that exist."""
        ...

    async def etats(self, ids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        """Return the whole states (`calcul.Calcul.etat`) of formations, by id."""
        ...

    async def reprises(self, ids: Sequence[str]) -> list[Reprise]:
        """Return the formations that exist, each with the offer that it rests on, in no order."""
        ...

    async def relire(self, ids: Sequence[str], maintenant: datetime) -> list[Tenue]:
        """Return the formations that exist, and note that they are sent again.

        The note excludes a change at the same time, which could otherwise be published before.
        """
        ...

    async def tenir(self, socle: Socle) -> None:
        """Hold that what is written rests on `socle`, until the transaction ends.

        Raises `SocleDepasse` when everything is being computed again from something newer.
        """
        ...

    async def avancer(self, avancee: Avancee, maintenant: datetime) -> None:
        """Note a step of a pass. Raises `kernel.errors.RaceLost` when it was done meanwhile."""
        ...

    async def regler(self, successions: Mapping[str, str], maintenant: datetime) -> None:
        """Mark successors, each with its predecessor, as settled; note on the latter that it is.

        The notes exclude a change at the same time, which would else be neither handed on nor
        known to come too late.
        """
        ...

    async def ecrire(self, plan: Plan, references: str, maintenant: datetime) -> None:
        """Write the last state of each changed formation and note the events that changed nothing.

        `references` is the version of the tables that the states rest on. A mute plan has no new
        event: what it leaves unchanged is not written.
        """
        ...

    async def historiser(
        self, entrees: Sequence[tuple[Changement, Ecarts]], maintenant: datetime
    ) -> None:
        """Append one entry per change, with its cause."""
        ...

    async def publier(self, evenements: Sequence[Event]) -> None:
        """Have events published if the transaction commits."""
        ...


class Formations(Protocol):
    """The formations and their history."""

    async def transaction(self, travail: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run `travail`, maybe several times, and commit it with majority.

        Raises `kernel.errors.Retry` or `Contention` when nothing, surely, was committed.
        """
        ...


class ReferencesStore(Protocol):
    """The versions of the reference tables."""

    async def version_active(self) -> str | None:
        """Return the id of the active version; None when there is none that this code can read."""
        ...

    async def charger(self, version: str) -> References:
        """Return the tables of a version."""
        ...
