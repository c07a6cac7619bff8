"""Sets of ranks as integers: bit n is rank n. Unions and counts of a million lines cost nothing."""

from collections.abc import Iterable, Iterator, Sequence

Rangs = int
Plage = tuple[int, int]

AUCUN: Rangs = 0


def depuis_plages(plages: Iterable[Sequence[int]]) -> Rangs:
    """Return the union of closed ranges, which may overlap; bounds below 0 or inverted are void."""
    valables = [(premier, dernier) for premier, dernier in plages if 0 <= premier <= dernier]
    # Shifted once at the end: ranges that lie together are joined as small integers.
    base = min((premier for premier, _ in valables), default=0)
    rangs = AUCUN
    for premier, dernier in valables:
        rangs |= ((1 << (dernier - premier + 1)) - 1) << (premier - base)
    return rangs << base


def depuis_liste(liste: Iterable[int]) -> Rangs:
    """Return the set of some ranks."""
    return depuis_plages(en_plages(sorted(liste)))


def vers_plages(rangs: Rangs) -> list[Plage]:
    """Return the closed ranges of a set, ascending and as few as can be."""
    plages: list[Plage] = []
    debut = 0
    while rangs:
        vides = (rangs & -rangs).bit_length() - 1
        rangs >>= vides
        pleins = (~rangs & (rangs + 1)).bit_length() - 1
        debut += vides
        plages.append((debut, debut + pleins - 1))
        debut += pleins
        rangs >>= pleins
    return plages


def en_plages(croissants: Iterable[int]) -> Iterator[Plage]:
    """Yield the closed ranges of ascending ranks."""
    premier = dernier = None
    for rang in croissants:
        if premier is None or dernier is None:
            premier = dernier = rang
        elif rang <= dernier + 1:
            dernier = rang
        else:
            yield premier, dernier
            premier = dernier = rang
    if premier is not None and dernier is not None:
        yield premier, dernier


def contient(rangs: Rangs, rang: int) -> bool:
    """Tell whether a rank is in a set."""
    return bool(rangs >> rang & 1)
