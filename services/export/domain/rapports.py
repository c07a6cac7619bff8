"""A report is stored in documents of bounded size (domain.md §6)."""

from collections.abc import Iterator, Sequence
from typing import Final, TypeVar

LIGNES_PAR_DOCUMENT: Final = 250

Un = TypeVar("Un")


def decouper(lignes: Sequence[Un]) -> Iterator[Sequence[Un]]:
    """Yield the lines of a report, in order, by documents of at most 250."""
    for debut in range(0, len(lignes), LIGNES_PAR_DOCUMENT):
        yield lignes[debut : debut + LIGNES_PAR_DOCUMENT]
