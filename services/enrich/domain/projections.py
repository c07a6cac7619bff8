"""Projected metres brought back to degrees, on the ellipsoid GRS80 that RGF93 and WGS84 share.

Lambert-93 (EPSG:2154) by the constants and algorithms that IGN publishes (notes NTG 71 and 80);
the UTM zones of the overseas départements by Krüger's series. Both hold to some millimetres on the
territory that they were made for, and to nothing elsewhere.
"""

from math import asinh, atan, atan2, cos, cosh, degrees, exp, hypot, log, pi, sin, sinh, sqrt
from typing import Final

from services.enrich.domain.geographie import Position

_EXCENTRICITE: Final = 0.0818191910428158
_DEMI_GRAND_AXE: Final = 6_378_137.0
_APLATISSEMENT: Final = 1 / 298.257222101

_L93_N: Final = 0.7256077650532670
_L93_C: Final = 11_754_255.426096
_L93_XS: Final = 700_000.0
_L93_YS: Final = 12_655_612.049876
_L93_MERIDIEN: Final = 3.0

_UTM_ECHELLE: Final = 0.9996
_UTM_X0: Final = 500_000.0
_UTM_Y0_SUD: Final = 10_000_000.0
_ITERATIONS: Final = 12
_METRES_MAX: Final = 2e7


def depuis_lambert93(x: float, y: float) -> Position | None:
    """Return the position of a point in Lambert-93 metres; None for what is no such point."""
    dx, dy = x - _L93_XS, _L93_YS - y
    rayon = hypot(dx, dy)
    if dy <= 0 or rayon > _METRES_MAX:
        return None
    latitude = _latitude(log(_L93_C / rayon) / _L93_N)
    return _arrondie(degrees(latitude), _L93_MERIDIEN + degrees(atan(dx / dy) / _L93_N))


def _latitude(isometrique: float) -> float:
    """Return the latitude, in radians, of an isometric latitude."""
    phi = 2 * atan(exp(isometrique)) - pi / 2
    for _ in range(_ITERATIONS):
        rapport = (1 + _EXCENTRICITE * sin(phi)) / (1 - _EXCENTRICITE * sin(phi))
        phi = 2 * atan(rapport ** (_EXCENTRICITE / 2) * exp(isometrique)) - pi / 2
    return phi


def fuseau(longitude: float) -> int:
    """Return the number of the UTM zone of a longitude."""
    return int((longitude + 180) // 6) % 60 + 1


def depuis_utm(x: float, y: float, fuseau: int, *, sud: bool) -> Position | None:
    """Return the position of a point in UTM metres; None for what is no such point."""
    if not (0 < x < 2 * _UTM_X0 and 0 <= y <= _UTM_Y0_SUD):
        return None
    n = _APLATISSEMENT / (2 - _APLATISSEMENT)
    rayon = _DEMI_GRAND_AXE / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
    xi = (y - _UTM_Y0_SUD if sud else y) / (_UTM_ECHELLE * rayon)
    eta = (x - _UTM_X0) / (_UTM_ECHELLE * rayon)
    beta = (
        n / 2 - 2 * n**2 / 3 + 37 * n**3 / 96,
        n**2 / 48 + n**3 / 15,
        17 * n**3 / 480,
    )
    xi_ = xi - sum(b * sin(2 * k * xi) * cosh(2 * k * eta) for k, b in enumerate(beta, 1))
    eta_ = eta - sum(b * cos(2 * k * xi) * sinh(2 * k * eta) for k, b in enumerate(beta, 1))
    conforme = asinh(sin(xi_) / sqrt(sinh(eta_) ** 2 + cos(xi_) ** 2))
    meridien = 6 * fuseau - 183
    return _arrondie(degrees(_latitude(conforme)), meridien + degrees(atan2(sinh(eta_), cos(xi_))))


def _arrondie(latitude: float, longitude: float) -> Position:
    return round(latitude, 6), round(longitude, 6)
