"""Identifiers: 26-character ULIDs, sortable by creation, safe in a URL and in a topic's key."""

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Final, Protocol

from services.kernel.clock import Clock

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS: Final = [first + second for first in _ALPHABET for second in _ALPHABET]
_RANDOM_BITS: Final = 80
_LENGTH: Final = 26


class Ids(Protocol):
    """A source of identifiers."""

    def new(self) -> str:
        """Return an identifier that this source never returned before."""
        ...


class UlidIds:
    """ULIDs that strictly increase within a process, even when its clock goes back."""

    def __init__(self, clock: Clock, randbits: Callable[[int], int] = secrets.randbits) -> None:
        """Take time from `clock` and 80 random bits an identifier from `randbits`."""
        self._clock = clock
        self._randbits = randbits
        self._last = 0

    def new(self) -> str:
        """Return a new ULID, greater than all those returned before."""
        milliseconds = int(self._clock.now().timestamp() * 1000)
        fresh = milliseconds << _RANDOM_BITS | self._randbits(_RANDOM_BITS)
        same_millisecond = fresh >> _RANDOM_BITS <= self._last >> _RANDOM_BITS
        self._last = self._last + 1 if same_millisecond else fresh
        return _encode(self._last)


class SequentialIds:
    """Predictable identifiers of the right shape, for tests and generated samples."""

    def __init__(self, start: int = 1) -> None:
        """Count from `start`."""
        self._next = start

    def new(self) -> str:
        """Return the next number as a ULID."""
        number = self._next
        self._next += 1
        return _encode(number)


def _encode(number: int) -> str:
    shifts = range(5 * (_LENGTH - 2), -1, -10)
    return "".join([_PAIRS[number >> shift & 1023] for shift in shifts])


def first_ulid(since: datetime) -> str:
    """Return the smallest ULID of an instant: those made from then on are not before it."""
    return _encode(int(since.timestamp() * 1000) << _RANDOM_BITS)
