"""Positions on the globe."""

from math import asin, cos, radians, sin, sqrt
from typing import Final, TypeAlias

from services.enrich.domain.references.tables import Commune

Position: TypeAlias = tuple[float, float]
"""Latitude and longitude in decimal degrees."""

RAYON_METRES: Final = 6_371_000
PROCHE_METRES: Final = 20_000
"""Within this distance of its centre, a position agrees with a commune (refdata.md §6)."""

_DECIMALES: Final = 6


def distance_metres(a: Position, b: Position) -> int:
    """Return the great-circle distance of two positions, in whole metres (domain.md §2)."""
    latitude_a, longitude_a, latitude_b, longitude_b = map(radians, (*a, *b))
    corde = (
        sin((latitude_b - latitude_a) / 2) ** 2
        + cos(latitude_a) * cos(latitude_b) * sin((longitude_b - longitude_a) / 2) ** 2
    )
    return round(2 * RAYON_METRES * asin(sqrt(min(1.0, corde))))


def centre_de(commune: Commune | None) -> Position | None:
    """Return the centre of a commune, None when no table gives it."""
    if commune is None or commune.latitude is None or commune.longitude is None:
        return None
    return commune.latitude, commune.longitude


def lire_position(texte: str | None) -> Position | None:
    """Return the position of a `lat,lon` text; None when it holds none on this globe."""
    if not texte:
        return None
    latitude, virgule, longitude = texte.partition(",")
    try:
        position = arrondir(float(latitude)), arrondir(float(longitude))
    except ValueError:
        return None
    return position if virgule and abs(position[0]) <= 90 and abs(position[1]) <= 180 else None


def arrondir(degres: float) -> float:
    """Round to some ten centimetres; what is left is never written with an exponent."""
    arrondi = round(degres, _DECIMALES)
    return 0.0 if abs(arrondi) < 1e-4 else arrondi
