"""A filter as the clients of the historic API send it, made harmless (domain.md §5). Pure.

What the historic API let through is kept, any other operator becomes an ordinary field name that
no document has. The historic routes refuse what they do not understand (`requete_typee`); this is
the last barrier before the database.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

PROFONDEUR_MAX: Final = 50
_LECTURE: Final = frozenset(
    {
        "$eq",
        "$in",
        "$ne",
        "$nin",
        "$gt",
        "$gte",
        "$lt",
        "$lte",
        "$or",
        "$and",
        "$not",
        "$nor",
        "$elemMatch",
        "$all",
        "$size",
        "$regex",
        "$options",
        "$exists",
    }
)


class Operateurs(Enum):
    """What a request may do with its filter."""

    AUCUN = frozenset[str]()
    LECTURE = _LECTURE
    ECRITURE = frozenset({"$push"})


class RequeteTropProfonde(ValueError):
    """A filter nested deeper than any that a person or a program writes."""


def assainir(requete: Any, permis: Operateurs, profondeur: int = PROFONDEUR_MAX) -> Any:  # noqa: ANN401 -- any JSON value
    """Return a JSON value whose operators outside `permis` have `_` for their `$`.

    The value given is left as it is. Raises `RequeteTropProfonde`.
    """
    if not isinstance(requete, (Mapping, list)):
        return requete
    if profondeur == 0:
        raise RequeteTropProfonde(f"au plus {PROFONDEUR_MAX} niveaux")
    if isinstance(requete, list):
        return [assainir(une, permis, profondeur - 1) for une in requete]
    return {
        _nom(cle, permis): assainir(valeur, permis, profondeur - 1)
        for cle, valeur in requete.items()
    }


def _nom(cle: str, permis: Operateurs) -> str:
    return f"_{cle[1:]}" if cle.startswith("$") and cle not in permis.value else cle
