"""A decision on a whole selection: tried first, then applied to the versions that were seen."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from services.kernel.digest import digest

Document = dict[str, Any]

GARDE: Final = timedelta(days=7)
"""How long a trial may still be applied, and its results read."""


@dataclass(frozen=True, slots=True)
class Essai:
    """What was selected, under which versions, and what the decision would give."""

    titulaire: str
    demande: Document
    selection: tuple[tuple[str, str], ...]

    @property
    def jeton(self) -> str:
        """Return the token: the same person, demand, offers and versions have the same."""
        return digest(
            {"titulaire": self.titulaire, "demande": self.demande, "selection": self.selection}
        )

    def document(self, instant: datetime) -> Document:
        """Return what is kept of it, nothing of it being applied yet."""
        return {
            "_id": self.jeton,
            "titulaire": self.titulaire,
            "demande": self.demande,
            "selection": [list(une) for une in self.selection],
            "essaye_le": instant,
            "resultats": [],
        }


def compter(resultats: Iterable[Document]) -> dict[str, int]:
    """Return how many offers change, stay as they are, or are refused and with which code."""
    return dict(Counter(_sort(un) for un in resultats).most_common())


def _sort(resultat: Document) -> str:
    if resultat["probleme"] is not None:
        code: str = resultat["probleme"]["code"]
        return code
    return "changees" if resultat["changee"] else "inchangees"
