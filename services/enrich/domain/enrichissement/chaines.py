"""Successors followed to those that stand today: one walk for diplomas and for fiches."""

from collections import deque
from collections.abc import Callable, Iterable
from typing import TypeAlias

Chaine: TypeAlias = tuple[str, ...]
"""Codes in order, from the one that was asked about to the one that was reached."""


def chaines_ouvertes(
    depart: str, suivants: Callable[[str], Iterable[str]], ouvert: Callable[[str], bool]
) -> tuple[Chaine, ...]:
    """Return a shortest chain to each open code that the successors of `depart` lead to.

    An open code is not followed further. Each code is looked at once: unknown codes and loops end
    their chain, whatever the table.
    """
    trouvees: list[Chaine] = []
    vus = {depart}
    a_suivre: deque[Chaine] = deque([(depart,)])
    while a_suivre:
        chaine = a_suivre.popleft()
        for code in suivants(chaine[-1]):
            if code in vus:
                continue
            vus.add(code)
            suite = (*chaine, code)
            if ouvert(code):
                trouvees.append(suite)
            else:
                a_suivre.append(suite)
    return tuple(trouvees)


def dire(chaine: Chaine) -> str:
    """Return a chain as people read it."""
    return " → ".join(chaine)
