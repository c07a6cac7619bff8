"""A JSON array of objects, split into elements while it comes.

Possessive regular expressions run over strings and scalars in C and stop at brackets only: some ten
stops per offer, and no element is decoded before it is whole. As JSON has no raw newline inside a
string, a quote that is never closed shows at the end of its line, and reading resumes at the next
line that opens an object: such an element costs no other.
"""

import re
from enum import Enum, auto
from typing import Final

from services.collect.domain.readers.row import (
    CUT,
    NOT_AN_OBJECT,
    TOO_DEEP,
    Bounds,
    Fault,
    Row,
    Unreadable,
    read_json,
)

_STRING: Final = rb'"(?:[^"\\\x00-\x1f]++|\\[^\x00-\x1f])*+'
_TO_BRACKET: Final = re.compile(rb'(?:[^"{}\[\]]++|' + _STRING + rb'")*+', re.DOTALL)
_OPEN_STRING: Final = re.compile(_STRING + rb"\\?")
_BETWEEN: Final = re.compile(rb"[\s,]*+")
_SCALAR: Final = re.compile(rb"[^\s,\[\]{}]++")
_RESUME: Final = re.compile(rb"\n[\s,]*+(?=\{)")
_BLANK_TAIL: Final = re.compile(rb"\n[\s,]*+\Z")
_OPENING: Final = b"{["
_UNCLOSED: Final = Fault(
    "ligne_illisible", "un guillemet ouvert n'est pas fermé avant la fin de la ligne"
)
_TRAILING: Final = Fault("ligne_illisible", "il y a du texte après la fin du tableau")


class _State(Enum):
    START = auto()
    BETWEEN = auto()
    ELEMENT = auto()
    LOST = auto()
    END = auto()
    DONE = auto()


class JsonArrayReader:
    """Reads the objects of one array; `truncated` when its closing bracket never came."""

    def __init__(self, bounds: Bounds) -> None:
        """Start before the opening bracket."""
        self.truncated = False
        self._bounds = bounds
        self._buffer = b""
        self._at = 0  # start of the element, or of what is still to look at
        self._scan = 0  # how far inside the element brackets were counted
        self._depth = 0
        self._last = b""  # last byte seen while lost
        self._state = _State.START
        self._rank = 0
        self._line = 1  # physical line of `_at`

    def feed(self, chunk: bytes) -> list[Row]:
        """Take bytes, return the elements that they end."""
        self._buffer = self._buffer[self._at :] + chunk
        self._scan -= self._at
        self._at = 0
        rows: list[Row] = []
        while self._step(rows):
            pass
        return rows

    def close(self) -> list[Row]:
        """Say that an element, or the array, was never closed."""
        if self._state in (_State.END, _State.DONE):
            return []
        self.truncated = not (self._state is _State.LOST and self._last == b"]")
        return [self._fault(CUT)] if self._state is _State.ELEMENT else []

    def _step(self, rows: list[Row]) -> bool:
        """Go on by one element at most; False when more bytes are needed."""
        if self._state is _State.ELEMENT:
            return self._in_element(rows)
        if self._state is _State.LOST:
            return self._find_next()
        between = _BETWEEN.match(self._buffer, self._at)
        self._advance(between.end() if between else self._at)
        if self._at == len(self._buffer):
            return False
        return self._look(rows)

    def _look(self, rows: list[Row]) -> bool:
        if self._state is _State.START:
            return self._open()
        if self._state is _State.BETWEEN:
            return self._begin(rows)
        if self._state is _State.END:
            rows.append(self._fault(_TRAILING))
            self._state = _State.DONE
        self._advance(len(self._buffer))
        return False

    def _open(self) -> bool:
        if not self._buffer.startswith(b"[", self._at):
            raise Unreadable("Un tableau JSON est attendu : [ … ].")
        self._advance(self._at + 1)
        self._state = _State.BETWEEN
        return True

    def _begin(self, rows: list[Row]) -> bool:
        first = self._buffer[self._at]
        if first in _OPENING:
            self._scan, self._depth, self._state = self._at, 0, _State.ELEMENT
            return True
        if first == ord("]"):
            self._advance(self._at + 1)
            self._state = _State.END
            return True
        return self._scalar(rows)

    def _scalar(self, rows: list[Row]) -> bool:
        scalar = _SCALAR.match(self._buffer, self._at)
        end = scalar.end() if scalar else self._at + 1
        if end == len(self._buffer) and end - self._at <= self._bounds.record_bytes:
            return False
        rows.append(self._fault(NOT_AN_OBJECT))
        self._advance(end)
        return True

    def _in_element(self, rows: list[Row]) -> bool:
        while True:
            run = _TO_BRACKET.match(self._buffer, self._scan)
            self._scan = run.end() if run else self._scan
            if self._scan - self._at > self._bounds.record_bytes:
                return self._lose(rows, self._bounds.too_long)
            if self._scan == len(self._buffer):
                return False
            stop = self._buffer[self._scan]
            if stop == ord('"'):
                return self._in_string(rows)
            self._scan += 1
            self._depth += 1 if stop in _OPENING else -1
            if self._depth == 0:
                return self._end_element(rows)
            if self._depth > self._bounds.depth:
                return self._lose(rows, TOO_DEEP)

    def _in_string(self, rows: list[Row]) -> bool:
        """Stand at a quote that is not closed: it will be, or its line ends first."""
        opened = _OPEN_STRING.match(self._buffer, self._scan)
        end = opened.end() if opened else self._scan
        if end - self._at > self._bounds.record_bytes:
            return self._lose(rows, self._bounds.too_long)
        if end == len(self._buffer):
            return False
        return self._lose(rows, _UNCLOSED)

    def _end_element(self, rows: list[Row]) -> bool:
        if self._scan - self._at > self._bounds.record_bytes:
            return self._lose(rows, self._bounds.too_long)
        value, fault = read_json(self._buffer[self._at : self._scan], self._bounds)
        self._rank += 1
        rows.append(Row(self._rank, self._line, value, fault))
        self._advance(self._scan)
        self._state = _State.BETWEEN
        return True

    def _lose(self, rows: list[Row], fault: Fault) -> bool:
        rows.append(self._fault(fault))
        self._state = _State.LOST
        return True

    def _find_next(self) -> bool:
        found = _RESUME.search(self._buffer, self._at)
        if found:
            self._advance(found.end())
            self._state = _State.BETWEEN
            return True
        self._last = self._buffer[self._at :].rstrip()[-1:] or self._last
        tail = _BLANK_TAIL.search(self._buffer, self._at)
        self._advance(tail.start() if tail else len(self._buffer))
        return False

    def _fault(self, fault: Fault) -> Row:
        self._rank += 1
        return Row(self._rank, self._line, None, fault)

    def _advance(self, to: int) -> None:
        self._line += self._buffer.count(b"\n", self._at, to)
        self._at = to
