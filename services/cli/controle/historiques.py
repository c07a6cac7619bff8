"""What the histories of the old catalogue say (domain.md §1.3, Audit)."""

from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Any, Final, TypeAlias

from contracts.statuts import Statut

Entree: TypeAlias = Mapping[str, Any]
"""A `statut` and the `date` at which it was written; one was, every night, changed or not."""

_ABSENT: Final = object()


def publiee_depuis(statut: str | None, historique: Sequence[Entree]) -> Any:  # noqa: ANN401 - a date, in the source's own form
    """Return the date of the first entry of the run of "publié" that reaches today.

    `historique` is oldest first. None when the offer is not published now.
    """
    if statut != Statut.PUBLIE:
        return None
    return _debut(historique, statut)


def dernier_changement(historique: Sequence[Entree]) -> Any:  # noqa: ANN401 - as above
    """Return the date of the first entry of the present run, whatever its status; None if empty."""
    return _debut(historique, historique[-1]["statut"]) if historique else None


def a_change(statut: str, historique: Sequence[str]) -> bool:
    """Tell whether a status is a change after those before it; a first one is."""
    return not historique or historique[-1] != statut


def changements(historique: Sequence[Entree]) -> list[Entree]:
    """Return the entries that changed the status, without those that repeated it night by night."""
    gardes: list[Entree] = []
    for entree in historique:
        if a_change(entree["statut"], [garde["statut"] for garde in gardes[-1:]]):
            gardes.append(entree)
    return gardes


def difference(avant: Mapping[str, Any], apres: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the leaves of `apres` that changed, nested as they were; None when none did.

    What is no longer there is null.
    """
    changes: dict[str, Any] = {}
    for nom in {**avant, **apres}:
        ancien, nouveau = avant.get(nom, _ABSENT), apres.get(nom, _ABSENT)
        if isinstance(ancien, Mapping) and isinstance(nouveau, Mapping):
            dedans = difference(ancien, nouveau)
            if dedans is not None:
                changes[nom] = dedans
        elif ancien != nouveau:
            changes[nom] = None if nouveau is _ABSENT else nouveau
    return changes or None


def _debut(historique: Sequence[Entree], statut: str) -> Any:  # noqa: ANN401 - as above
    course = list(takewhile(lambda entree: entree["statut"] == statut, reversed(historique)))
    return course[-1]["date"] if course else None
