"""What computing the catalogue again needs of the world: the passes, and what is established."""

from collections.abc import Sequence
from typing import Protocol

from services.enrich.domain.recalcul import Barriere, Etabli, Recalcul
from services.enrich.domain.recalcul_cles import Touchees
from services.kernel.events import Event


class Recalculs(Protocol):
    """The passes, in the order in which they were asked for, and what they establish."""

    async def etabli(self) -> Etabli | None:
        """Return what the formations rest on; None when it was never noted."""
        ...

    async def activations(self, apres: int) -> list[tuple[int, str]]:
        """Return the activations after a number: each with its own and its version, in order."""
        ...

    async def barrer(self, barriere: Barriere) -> None:
        """Have no formation written any more that `barriere` does not admit.

        Returns once the transactions that were under way have ended: what is read afterwards is
        all that was computed from what it bars.
        """
        ...

    async def compter(self, touchees: Touchees) -> int:
        """Return how many formations are touched."""
        ...

    async def etablir(
        self,
        avant: Etabli | None,
        apres: Etabli,
        recalculs: Sequence[Recalcul],
        annonces: Sequence[Event],
    ) -> bool:
        """Ask for the passes that lead to `apres` and announce them, in one step.

        Returns False, with nothing done, when `avant` is no more what is established.
        """
        ...

    async def demander(self, recalcul: Recalcul) -> None:
        """Ask for a pass."""
        ...

    async def prochain(self) -> Recalcul | None:
        """Return the oldest pass that is not done."""
        ...

    async def ids(self, recalcul: Recalcul, nombre: int) -> list[str]:
        """Return the next formations of a pass after its cursor, in order."""
        ...

    async def terminer(self, recalcul: Recalcul) -> None:
        """Note that a pass is done; idempotent."""
        ...
