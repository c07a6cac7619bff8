"""Distances, and the map of a page of results."""

import pytest

from services.search.domain import carte as cartes
from services.search.domain.criteres import Point
from services.search.domain.lieux import distance_km


def test_distances_are_those_of_the_globe() -> None:
    paris, marseille = Point(48.8566, 2.3522), Point(43.2965, 5.3698)
    assert distance_km(paris, marseille) == pytest.approx(660.5, abs=0.5)
    assert distance_km(paris, paris) == 0


def test_overseas_offers_have_their_inset_and_the_rest_is_counted() -> None:
    carte = cartes.de_la_france([(48.1, -1.7, 3), (-21.1, 55.5, 2), (-17.6, -149.4, 4)])
    assert len(carte.ronds) == 2
    assert carte.hors_carte == 4


def test_a_map_around_a_place_shows_its_circle() -> None:
    carte = cartes.autour(Point(48.1, -1.7), 30, [(48.2, -1.6, 1)])
    assert carte.zone is not None
    assert carte.zone.r == pytest.approx(30 / 111.2)
