"""Older never overwrites newer: the one rule by which every projection applies states.

Pure. Applied to states in any order and any number of times, what is held converges to the state
of the highest sequence; a holder whose content was damaged is repaired by the digest.
"""

from collections.abc import Callable, Hashable, Iterable
from enum import Enum
from typing import TypeVar

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)


class Verdict(Enum):
    """What to do with a state that arrives."""

    APPLY = "apply"
    REPAIR = "repair"  # applied too, and counted: telemetry.REPAIRS
    IGNORE = "ignore"

    @property
    def writes(self) -> bool:
        """Whether the state replaces the one held."""
        return self is not Verdict.IGNORE


def newer_only(
    held_sequence: int | None, held_digest: str | None, sequence: int, digest: str | None
) -> Verdict:
    """Judge a state against the one held (None when nothing is).

    A higher sequence is applied. The same sequence with another digest is a repair, provided both
    digests are known. Everything else is ignored.
    """
    if held_sequence is None or sequence > held_sequence:
        return Verdict.APPLY
    if sequence == held_sequence and digest and held_digest and digest != held_digest:
        return Verdict.REPAIR
    return Verdict.IGNORE


def newest(items: Iterable[T], key: Callable[[T], K], sequence: Callable[[T], int]) -> dict[K, T]:
    """Keep, per key, the item of the highest sequence; among equals the last, as in the log."""
    kept: dict[K, T] = {}
    for item in items:
        name = key(item)
        held = kept.get(name)
        if held is None or sequence(item) >= sequence(held):
            kept[name] = item
    return kept
