"""Findings as they travel: a code of `contracts.constats`, the field, its value, a proposal."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from contracts.evenements import Confiance

Constat: TypeAlias = Mapping[str, Any]
Constats: TypeAlias = tuple[Constat, ...]


def constat(
    code: str,
    champ: str | None = None,
    valeur: str | None = None,
    proposition: str | None = None,
    *,
    raison: str | None = None,
    confiance: Confiance | None = None,
    correction: Mapping[str, Any] | None = None,
) -> Constat:
    """Return a finding without the members that it does not need (`contracts.evenements.Constat`).

    It may be shared by many offers and is never changed.
    """
    membres = {
        "code": code,
        "champ": champ,
        "valeur": valeur,
        "proposition": proposition,
        "raison": raison,
        "confiance": confiance and confiance.value,
        "correction": correction,
    }
    return {nom: membre for nom, membre in membres.items() if membre is not None}
