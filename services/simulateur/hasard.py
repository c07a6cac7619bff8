"""Chance that is the same each time: a draw depends on what it is about, not on when it comes."""

import hashlib
from typing import Final

_GRANDEUR: Final = 2**64


def tirage(graine: str, *sujet: object) -> float:
    """Return a number from 0 (included) to 1 that `graine` and `sujet` alone decide."""
    texte = "|".join(map(str, (graine, *sujet)))
    octets = hashlib.blake2b(texte.encode(), digest_size=8).digest()
    return int.from_bytes(octets) / _GRANDEUR
