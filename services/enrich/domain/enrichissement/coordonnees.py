"""Coordinates recognised against the declared commune (domain.md §2, "Geo").

A text is read in every way that people mistype it; the readings that fall near the commune are the
plausible ones, and the first of them, in the order of `Nature`, is retained. Near a commune, a
reading is no proof: it is proposed, and the finding says what was understood.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Final, NamedTuple

from services.enrich.domain.enrichissement.coordonnees_textes import Ecriture, Paire, paires
from services.enrich.domain.geographie import PROCHE_METRES, Position, arrondir, distance_metres
from services.enrich.domain.projections import depuis_lambert93, depuis_utm, fuseau

_PROJETEE_MIN: Final = 1_000
_PUISSANCES: Final = tuple(10.0**k for k in range(10))


class Nature(StrEnum):
    """What had to be understood to read a position; the value is the code of its finding."""

    PRESENTATION = "coordonnees_presentation"
    VIRGULE = "coordonnees_virgule"
    SEXAGESIMALE = "coordonnees_sexagesimales"
    PROJETEE = "coordonnees_projetees"
    INVERSEE = "coordonnees_inversees"
    SIGNE = "coordonnees_signe"
    SANS_POINT = "coordonnees_sans_point"


NOTATIONS: Final = frozenset(
    (Nature.PRESENTATION, Nature.VIRGULE, Nature.SEXAGESIMALE, Nature.PROJETEE)
)
"""Other ways to write the same position; the other natures are mistakes about it."""

_NATURES: Final = {
    Ecriture.DECIMALE: Nature.PRESENTATION,
    Ecriture.VIRGULE: Nature.VIRGULE,
    Ecriture.SEXAGESIMALE: Nature.SEXAGESIMALE,
    Ecriture.LIBRE: Nature.PRESENTATION,
}
_RANGS: Final = {nature: rang for rang, nature in enumerate(Nature)}


class Lecture(NamedTuple):
    """A position that a text may mean, and what it takes to understand it so."""

    nature: Nature
    position: Position


def reconnaitre(texte: str, centre: Position) -> Lecture | None:
    """Return the simplest reading within `PROCHE_METRES` of a commune's centre; None if none is."""
    proches = [
        lecture
        for lecture in lectures(texte, centre)
        if distance_metres(lecture.position, centre) <= PROCHE_METRES
    ]
    return min(
        proches,
        key=lambda lu: (_RANGS[lu.nature], distance_metres(lu.position, centre)),
        default=None,
    )


def lire(texte: str) -> Lecture | None:
    """Return the position that a text gives in degrees, in its own order, wherever it lies."""
    for paire in paires(texte):
        if (position := _position(paire.a, paire.b)) is not None:
            return Lecture(_NATURES[paire.ecriture], position)
    return None


def est_nulle(texte: str) -> bool:
    """Tell whether a text gives 0 and 0, which no system means."""
    return any(arrondir(paire.a) == arrondir(paire.b) == 0 for paire in paires(texte))


def lectures(texte: str, centre: Position) -> Iterator[Lecture]:
    """Yield the positions that a text may mean; `centre` tells the zone of projected metres."""
    for paire in paires(texte):
        nature = _NATURES[paire.ecriture]
        yield from _en_degres(paire, nature)
        if min(abs(paire.a), abs(paire.b)) >= _PROJETEE_MIN:
            yield from _projetees(paire, centre)
        if paire.entiers:
            yield from _sans_point(paire, centre)


def _en_degres(paire: Paire, nature: Nature) -> Iterator[Lecture]:
    a, b = paire.a, paire.b
    yield from _lecture(nature, a, b)
    yield from _lecture(Nature.INVERSEE, b, a)
    for latitude, longitude in ((a, -b), (-a, b), (-a, -b)):
        yield from _lecture(Nature.SIGNE, latitude, longitude)
        yield from _lecture(Nature.SIGNE, longitude, latitude)


def _projetees(paire: Paire, centre: Position) -> Iterator[Lecture]:
    zone, sud = fuseau(centre[1]), centre[0] < 0
    for x, y in ((paire.a, paire.b), (paire.b, paire.a)):
        for position in (depuis_lambert93(x, y), depuis_utm(x, y, zone, sud=sud)):
            if position is not None:
                yield from _lecture(Nature.PROJETEE, *position)


def _sans_point(paire: Paire, centre: Position) -> Iterator[Lecture]:
    """Yield the pair whose lost decimal points, put back, bring it nearest to the commune."""
    for latitude, longitude in ((paire.a, paire.b), (paire.b, paire.a)):
        yield from _lecture(
            Nature.SANS_POINT, _a_l_echelle(latitude, centre[0]), _a_l_echelle(longitude, centre[1])
        )


def _a_l_echelle(nombre: float, attendu: float) -> float:
    return min((nombre / puissance for puissance in _PUISSANCES), key=lambda lu: abs(lu - attendu))


def _lecture(nature: Nature, latitude: float, longitude: float) -> Iterator[Lecture]:
    if (position := _position(latitude, longitude)) is not None:
        yield Lecture(nature, position)


def _position(latitude: float, longitude: float) -> Position | None:
    if abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return arrondir(latitude), arrondir(longitude)
