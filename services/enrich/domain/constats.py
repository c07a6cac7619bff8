"""Findings as they travel: a code of `contracts.constats`, the field, its value, a proposal."""

from collections.abc import Mapping
from typing import TypeAlias

Constat: TypeAlias = Mapping[str, str]
Constats: TypeAlias = tuple[Constat, ...]


def constat(
    code: str,
    champ: str | None = None,
    valeur: str | None = None,
    proposition: str | None = None,
) -> Constat:
    """Return a finding without the members that it does not need.

    It may be shared by many offers and is never changed.
    """
    membres = {"code": code, "champ": champ, "valeur": valeur, "proposition": proposition}
    return {nom: membre for nom, membre in membres.items() if membre is not None}
