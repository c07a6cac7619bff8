"""The text of an API key: `cat_<8 public id>_<37 secret>_<6 checksum>`, all base 62.

The prefix lets secret scanners find a leaked key; the checksum lets a mistyped one be refused
before any database is asked. The secret part holds over 220 bits, so that a keyed hash suffices:
no slow one is needed (reliability.md §7).
"""

import binascii
import hmac
import re
import secrets
import string
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

PREFIX: Final = "cat"
ID_LENGTH: Final = 8
SECRET_LENGTH: Final = 37
CHECKSUM_LENGTH: Final = 6
_ALPHABET: Final = string.digits + string.ascii_letters
_SHAPE: Final = re.compile(
    rf"{PREFIX}_([0-9A-Za-z]{{{ID_LENGTH}}})_([0-9A-Za-z]{{{SECRET_LENGTH}}})"
    rf"_([0-9A-Za-z]{{{CHECKSUM_LENGTH}}})"
)

Choose = Callable[[str], str]
"""Draws one character of an alphabet; `secrets.choice` outside tests."""


@dataclass(frozen=True, slots=True)
class KeyText:
    """A well-formed key. `repr` shows no secret, so that no log or traceback can."""

    id: str
    secret: str

    def __str__(self) -> str:
        """Return the whole text, to be shown once to its holder."""
        body = f"{PREFIX}_{self.id}_{self.secret}"
        return f"{body}_{_checksum(body)}"

    def __repr__(self) -> str:
        """Return the public id only."""
        return f"KeyText(id={self.id!r})"

    @property
    def last_four(self) -> str:
        """Return the end of the text, by which a holder recognises a key in a list."""
        return str(self)[-4:]

    def digest(self, pepper: str) -> bytes:
        """Return what is stored: HMAC-SHA256 of the whole text, keyed with the pepper."""
        return hmac.digest(pepper.encode(), str(self).encode(), sha256)


def new_key(choose: Choose = secrets.choice) -> KeyText:
    """Draw a new key."""
    return KeyText(id=_draw(choose, ID_LENGTH), secret=_draw(choose, SECRET_LENGTH))


def parse(text: str) -> KeyText | None:
    """Read a key; None when its shape or checksum is wrong. Never raises."""
    match = _SHAPE.fullmatch(text)
    if match is None:
        return None
    key = KeyText(id=match[1], secret=match[2])
    return key if hmac.compare_digest(str(key), text) else None


def _draw(choose: Choose, length: int) -> str:
    return "".join(choose(_ALPHABET) for _ in range(length))


def _checksum(body: str) -> str:
    value = binascii.crc32(body.encode())
    digits = ""
    for _ in range(CHECKSUM_LENGTH):
        value, digit = divmod(value, len(_ALPHABET))
        digits = _ALPHABET[digit] + digits
    return digits
