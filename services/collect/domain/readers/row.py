"""What every reader gives, and what it promises."""

from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Protocol

import orjson


class Fault(NamedTuple):
    """Why a record has no value: a code of `contracts.constats`, and a French phrase."""

    code: str
    detail: str


CUT: Final = Fault("ligne_illisible", "le fichier est coupé au milieu de cette ligne")
NOT_AN_OBJECT: Final = Fault("structure_inattendue", "un objet JSON est attendu, entre accolades")
TOO_DEEP: Final = Fault("structure_inattendue", "les objets y sont imbriqués trop profondément")


class Row(NamedTuple):
    """One record: its rank from 1, the physical line where it starts, its value or why it has none.

    Exactly one of `value` and `fault` is not None.
    """

    rank: int
    line: int
    value: dict[str, Any] | None
    fault: Fault | None


class Reader(Protocol):
    """A body being read."""

    @property
    def truncated(self) -> bool:
        """Tell, once closed, whether the body stops inside a record."""
        ...

    def feed(self, chunk: bytes) -> list[Row]:
        """Take the next bytes; return the records that they complete.

        Raises:
            Unreadable: the body as a whole cannot be read, whatever follows.
        """
        ...

    def close(self) -> list[Row]:
        """Say that no byte follows; return what was still waiting for its end."""
        ...


class Unreadable(Exception):
    """The whole body cannot be read; the message is a French sentence for the depositor."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much one record may hold: bytes as deposited, and columns or levels of nesting."""

    record_bytes: int = 1024 * 1024
    columns: int = 1_000
    depth: int = 64

    @property
    def too_long(self) -> Fault:
        """Return the fault of a record that exceeds its bytes."""
        return Fault("ligne_trop_longue", f"plus de {self.record_bytes} octets")


def read_json(text: bytes, bounds: Bounds) -> tuple[dict[str, Any] | None, Fault | None]:
    """Return the object that a JSON text holds, or the fault that a report shows."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as exc:
        return None, _explain(text, exc)
    if not isinstance(value, dict):
        return None, NOT_AN_OBJECT
    if text.count(b"{") + text.count(b"[") > bounds.depth and _depth(value) > bounds.depth:
        return None, TOO_DEEP
    return value, None


def encoding_fault(exc: UnicodeDecodeError) -> Fault:
    """Return the fault of a text in no known encoding, with the place of its first bad byte."""
    return Fault("encodage_illisible", f"octet {exc.start + 1} de la ligne")


def _explain(text: bytes, exc: orjson.JSONDecodeError) -> Fault:
    try:
        text.decode()
    except UnicodeDecodeError as encoding:
        return encoding_fault(encoding)
    if exc.msg.startswith("depth limit"):
        return TOO_DEEP
    return Fault("ligne_illisible", f"le JSON est incorrect au caractère {exc.pos + 1}")


def _depth(value: object) -> int:
    """Return the levels of nesting; orjson has refused those that recursion could not bear."""
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(_depth, value), default=0)
    return 0
