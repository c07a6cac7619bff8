"""Metres brought back to degrees, on published points."""

import pytest

from services.enrich.domain.projections import depuis_lambert93, depuis_utm, fuseau


@pytest.mark.parametrize(
    ("x", "y", "position"),
    [
        (700_000, 6_600_000, (46.5, 3.0)),  # the origin of the projection
        (668_832.5384, 6_950_138.7285, (49.649611, 2.568654)),  # IGN, note NTG 71
        (648_237.3, 6_862_271.9, (48.8584, 2.2945)),  # the Eiffel tower
    ],
)
def test_lambert_93(x: float, y: float, position: tuple[float, float]) -> None:
    assert depuis_lambert93(x, y) == pytest.approx(position, abs=1e-5)


@pytest.mark.parametrize(
    ("x", "y", "zone", "sud", "position"),
    [
        (500_000, 0, 31, False, (0.0, 3.0)),  # a meridian of origin at the equator
        (448_251.8, 5_411_932.7, 31, False, (48.8582, 2.2945)),
        (338_827, 7_690_711, 40, True, (-20.8768, 55.4506)),  # Saint-Denis de La Réunion
    ],
)
def test_utm(x: float, y: float, zone: int, sud: bool, position: tuple[float, float]) -> None:
    assert depuis_utm(x, y, zone, sud=sud) == pytest.approx(position, abs=1e-4)


@pytest.mark.parametrize(
    ("longitude", "zone"), [(2.35, 31), (-61.5, 20), (-52.3, 22), (55.4, 40), (45.2, 38)]
)
def test_the_zone_of_a_longitude(longitude: float, zone: int) -> None:
    assert fuseau(longitude) == zone


@pytest.mark.parametrize(("x", "y"), [(0, 1e9), (1e300, 1e300), (700_000, 12_655_613)])
def test_what_is_on_no_map_is_no_position(x: float, y: float) -> None:
    assert depuis_lambert93(x, y) is None
    assert depuis_utm(x, y, 31, sud=False) is None
