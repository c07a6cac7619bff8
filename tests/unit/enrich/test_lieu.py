"""The place of an offer and its position."""

from typing import Any

import pytest

from services.enrich.domain.constats import Constats
from services.enrich.domain.enrichissement.lieu import Declare, localiser
from services.enrich.domain.geographie import distance_metres, lire_position
from tests.unit.enrich.fabrique import codes, references

REFERENCES = references()
NICE = (43.7102, 7.262)


def _localiser(coordonnees: str | None) -> tuple[dict[str, Any], Constats]:
    return localiser(Declare("06088", "06000", None, coordonnees), REFERENCES)


def test_the_declared_position_is_shown_with_its_distance_to_the_commune() -> None:
    champs, constats = _localiser("43.71,7.26")

    assert (champs["latitude"], champs["longitude"]) == (43.71, 7.26)
    assert champs["distance_commune_metres"] == distance_metres((43.71, 7.26), NICE)
    assert constats == ()


@pytest.mark.parametrize(
    ("coordonnees", "code", "montree"),
    [
        ("43.5,7.05", "coordonnees_eloignees", (43.5, 7.05)),
        ("48.85,2.35", "coordonnees_tres_eloignees", NICE),
        ("7.26,43.71", "coordonnees_inversees", NICE),
        ("0,0", "coordonnees_nulles", NICE),
        (None, "coordonnees_absentes", NICE),
    ],
)
def test_a_position_far_from_the_declared_commune_gives_way_to_it(
    coordonnees: str | None, code: str, montree: tuple[float, float]
) -> None:
    champs, constats = _localiser(coordonnees)

    assert codes(constats) == [code]
    assert (champs["latitude"], champs["longitude"]) == montree
    assert champs["lieu_formation_geo_coordonnees"] == coordonnees


def test_inverted_coordinates_are_proposed_the_right_way_round() -> None:
    _, (constat,) = _localiser("7.26,43.71")

    assert constat["proposition"] == "43.71,7.26"


def test_a_declared_name_stays() -> None:
    champs, _ = localiser(Declare("84999", None, "Montfavet"), REFERENCES)

    assert (champs["localite"], champs["code_commune_insee"]) == ("Montfavet", "84007")


def test_without_a_commune_the_declared_position_stands_alone() -> None:
    champs, _ = localiser(Declare(coordonnees="43.71,7.26"), REFERENCES)

    assert champs["latitude"] == 43.71
    assert champs["distance_commune_metres"] is None


@pytest.mark.parametrize(
    ("a", "b", "metres"),
    [
        ((1, 1), (1, 1), 0),
        ((48.8566, 2.3522), (45.764, 4.8357), 391_499),
        ((0, 179.9), (0, -179.9), 22_239),
        ((90, 0), (-90, 0), 20_015_087),
    ],
)
def test_distance(a: tuple[float, float], b: tuple[float, float], metres: int) -> None:
    assert distance_metres(a, b) == pytest.approx(metres, abs=2)


@pytest.mark.parametrize(
    ("texte", "position"),
    [
        ("43.71,7.26", (43.71, 7.26)),
        (" 43.71 , 7.26 ", (43.71, 7.26)),
        ("-20.8789,55.4481", (-20.8789, 55.4481)),
        ("0.00001,0.00001", (0.0, 0.0)),
        ("91,7", None),
        ("43.71,181", None),
        ("43.71", None),
        ("nan,7", None),
        ("inf,7", None),
        ("", None),
        (None, None),
    ],
)
def test_reading_a_position(texte: str | None, position: tuple[float, float] | None) -> None:
    assert lire_position(texte) == position
