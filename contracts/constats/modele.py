"""What a finding is made of (design.md §4)."""

from dataclasses import dataclass
from enum import StrEnum


class Gravite(StrEnum):
    """What a finding does to its offer.

    REFUS: not stored. BLOQUANT: stored and searchable, never in a feed. A_CORRIGER: published, to
    be mended at the source. INFORMATION: nothing is asked of the depositor.
    """

    REFUS = "refus"
    BLOQUANT = "bloquant"
    A_CORRIGER = "a_corriger"
    INFORMATION = "information"


@dataclass(frozen=True, slots=True)
class Definition:
    """A kind of finding: its severity, its French message, what the reader should do.

    Both texts may hold `{champ}` (the French name of the field), `{valeur}` and `{proposition}`.
    """

    code: str
    gravite: Gravite
    message: str
    que_faire: str


def refus(code: str, message: str, que_faire: str) -> Definition:
    """Define a finding that keeps the line out of the catalogue."""
    return Definition(code, Gravite.REFUS, message, que_faire)


def bloquant(code: str, message: str, que_faire: str) -> Definition:
    """Define a finding that keeps the offer out of the feeds."""
    return Definition(code, Gravite.BLOQUANT, message, que_faire)


def a_corriger(code: str, message: str, que_faire: str) -> Definition:
    """Define a finding that the depositor should mend."""
    return Definition(code, Gravite.A_CORRIGER, message, que_faire)


def information(code: str, message: str, que_faire: str = "Rien à faire.") -> Definition:
    """Define a finding that only tells what the catalogue did or saw."""
    return Definition(code, Gravite.INFORMATION, message, que_faire)
