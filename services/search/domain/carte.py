"""The map of a page of results: an SVG's shapes, drawn without any other site (no tile server).

Metropolitan France with insets of the overseas départements, or, around a place, what lies within
its radius. Plane coordinates are degrees of latitude; longitudes are narrowed as at 46.5° N.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from math import sqrt
from typing import Final

from services.search.domain.contours import CONTINENT, CORSE
from services.search.domain.criteres import Point

_SERRE: Final = 0.688
_KM_PAR_DEGRE: Final = 111.2
_CADRE: Final = (-3.75, -51.35, 10.6, 10.25)
_VIGNETTE: Final = (1.96, 1.5)
_MARGE_VIGNETTE: Final = 0.16
_PIED: Final = 0.66
_PART_DE_PRES: Final = 2.0
_FOULE: Final = 150
_PART_DU_POINT: Final = 0.011

Groupe = tuple[float, float, int]
"""Latitude, longitude and number of offers."""


@dataclass(frozen=True, slots=True)
class Vignette:
    """An inset: its name, and the bounds on Earth that fill it (south, west, north, east)."""

    nom: str
    bornes: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Rond:
    """A circle in the plane of the map."""

    x: float
    y: float
    r: float


@dataclass(frozen=True, slots=True)
class Carte:
    """What the template draws; `cadres` are insets with their name, `zone` the radius asked for."""

    cadre: tuple[float, float, float, float]
    fonds: Sequence[str]
    ronds: Sequence[Rond]
    cadres: Sequence[tuple[str, float, float, float, float]]
    zone: Rond | None
    hors_carte: int


_VIGNETTES: Final = (
    Vignette("Guadeloupe", (15.8, -61.85, 16.55, -60.95)),
    Vignette("Martinique", (14.35, -61.28, 14.92, -60.75)),
    Vignette("Guyane", (2.0, -54.7, 5.9, -51.5)),
    Vignette("La Réunion", (-21.45, 55.15, -20.8, 55.9)),
    Vignette("Mayotte", (-13.05, 44.95, -12.6, 45.35)),
)


def de_la_france(groupes: Iterable[Groupe]) -> Carte:
    """Return the map of everything, insets in a row under the mainland."""
    gauche, haut, largeur, hauteur = _CADRE
    bas = haut + hauteur
    ronds: list[tuple[float, float, int]] = []
    hors = 0
    for latitude, longitude, nombre in groupes:
        place = _place(latitude, longitude)
        if place is None:
            hors += nombre
        else:
            ronds.append((*place, nombre))
    cadres = [(vignette.nom, *_coin(rang), *_VIGNETTE) for rang, vignette in enumerate(_VIGNETTES)]
    cadre = (gauche, haut, largeur, bas - haut + _VIGNETTE[1] + _PIED)
    return Carte(cadre, _fonds(), _ronds(ronds, largeur), cadres, None, hors)


def autour(centre: Point, rayon_km: float, groupes: Iterable[Groupe]) -> Carte:
    """Return the map of a circle and its surroundings."""
    rayon = rayon_km / _KM_PAR_DEGRE
    x, y = _plan(centre.lat, centre.lon)
    demi = rayon * 1.12
    cadre = (x - demi * 1.3, y - demi, 2.6 * demi, 2 * demi)
    places = [(*_plan(lat, lon), nombre) for lat, lon, nombre in groupes]
    ronds = _ronds(places, cadre[2] * _PART_DE_PRES)
    return Carte(cadre, _fonds(), ronds, (), Rond(x, y, rayon), 0)


@cache
def _fonds() -> tuple[str, ...]:
    return tuple(_trace(contour) for contour in (CONTINENT, CORSE))


def _trace(contour: Sequence[tuple[float, float]]) -> str:
    points = (_plan(latitude, longitude) for latitude, longitude in contour)
    return "M" + "L".join(f"{x:.3f} {y:.3f}" for x, y in points) + "Z"


def _plan(latitude: float, longitude: float) -> tuple[float, float]:
    return longitude * _SERRE, -latitude


def _place(latitude: float, longitude: float) -> tuple[float, float] | None:
    gauche, haut, largeur, hauteur = _CADRE
    x, y = _plan(latitude, longitude)
    if gauche <= x <= gauche + largeur and haut <= y <= haut + hauteur:
        return x, y
    for rang, vignette in enumerate(_VIGNETTES):
        sud, ouest, nord, est = vignette.bornes
        if sud <= latitude <= nord and ouest <= longitude <= est:
            coin_x, coin_y = _coin(rang)
            part_x, part_y = (longitude - ouest) / (est - ouest), (nord - latitude) / (nord - sud)
            return coin_x + part_x * _VIGNETTE[0], coin_y + part_y * _VIGNETTE[1]
    return None


def _coin(rang: int) -> tuple[float, float]:
    gauche, haut, _, hauteur = _CADRE
    return gauche + rang * (_VIGNETTE[0] + _MARGE_VIGNETTE), haut + hauteur + _MARGE_VIGNETTE


def _ronds(places: Sequence[tuple[float, float, int]], largeur: float) -> list[Rond]:
    """Return one circle per place, the large ones first (under); smaller when there is a crowd."""
    unite = largeur * _PART_DU_POINT * min(1.0, sqrt(_FOULE / max(1, len(places))) + 0.2)
    ronds = [Rond(x, y, unite * min(2.6, 0.8 + 0.12 * sqrt(n))) for x, y, n in places]
    return sorted(ronds, key=lambda rond: -rond.r)
