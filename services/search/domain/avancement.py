"""Lines of deposits as closed ranges, the form in which progress travels."""

from collections.abc import Iterable, Mapping
from typing import Any


def par_depot(origines: Iterable[Mapping[str, Any] | None]) -> dict[str, list[tuple[int, int]]]:
    """Return, for each deposit, the ascending closed ranges of the lines met."""
    lignes: dict[str, set[int]] = {}
    for origine in origines:
        if origine:
            lignes.setdefault(origine["depot"], set()).add(origine["ligne"])
    return {depot: _plages(sorted(rangs)) for depot, rangs in lignes.items()}


def _plages(rangs: Iterable[int]) -> list[tuple[int, int]]:
    plages: list[tuple[int, int]] = []
    for rang in rangs:
        if plages and rang == plages[-1][1] + 1:
            plages[-1] = (plages[-1][0], rang)
        else:
            plages.append((rang, rang))
    return plages
