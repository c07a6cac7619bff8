"""Places: a commune by its position, and true distances on Earth."""

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import Final

from services.search.domain.criteres import Point

RAYON_TERRE_KM: Final = 6_371.0


@dataclass(frozen=True, slots=True)
class Lieu:
    """A commune as it was found: the middle of its offers, and others of the same name."""

    insee: str
    nom: str
    point: Point
    homonymes: tuple[tuple[str, str], ...] = ()


def distance_km(depuis: Point, vers: Point) -> float:
    """Return the great-circle distance (haversine, domain.md §2)."""
    phi, psi = radians(depuis.lat), radians(vers.lat)
    moitie = sin((psi - phi) / 2) ** 2
    moitie += cos(phi) * cos(psi) * sin(radians(vers.lon - depuis.lon) / 2) ** 2
    return 2 * RAYON_TERRE_KM * asin(min(1.0, sqrt(moitie)))
