"""Findings as they travel: a code of `contracts.constats`, the field, its value, a proposal."""

from collections.abc import Mapping
from typing import TypeAlias

Constat: TypeAlias = Mapping[str, str | None]
Constats: TypeAlias = tuple[Constat, ...]


def constat(
    code: str,
    champ: str | None = None,
    valeur: str | None = None,
    proposition: str | None = None,
) -> Constat:
    """Return a finding; it may be shared by many offers and is never changed."""
    return {"code": code, "champ": champ, "valeur": valeur, "proposition": proposition}
