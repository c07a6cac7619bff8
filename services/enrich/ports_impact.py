"""What telling of a move of the tables needs of the world."""

from collections.abc import AsyncIterator
from typing import Protocol

from services.enrich.domain.impact import Concernee, Rapport
from services.enrich.domain.recalcul_cles import Touchees


class Impacts(Protocol):
    """The active formations, and the reports made about them."""

    def concernees(self, touchees: Touchees) -> AsyncIterator[Concernee]:
        """Yield the active formations that are touched."""
        ...

    async def garder(self, rapport: Rapport) -> None:
        """Keep a report in the place of an earlier one about the same move."""
        ...
