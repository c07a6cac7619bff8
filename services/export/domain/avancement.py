"""Lines of deposits as closed ranges, the form in which progress travels."""

from collections.abc import Iterable
from typing import Any


def par_depot(origines: Iterable[dict[str, Any] | None]) -> dict[str, list[tuple[int, int]]]:
    """Return, for each deposit, the ascending closed ranges of the lines met."""
    lignes: dict[str, set[int]] = {}
    for origine in origines:
        if origine is not None:
            lignes.setdefault(origine["depot"], set()).add(origine["ligne"])
    return {depot: plages(rangs) for depot, rangs in lignes.items()}


def plages(rangs: Iterable[int]) -> list[tuple[int, int]]:
    """Return the fewest ascending closed ranges that hold exactly these numbers."""
    resultat: list[tuple[int, int]] = []
    for rang in sorted(rangs):
        if resultat and rang == resultat[-1][1] + 1:
            resultat[-1] = (resultat[-1][0], rang)
        else:
            resultat.append((rang, rang))
    return resultat
