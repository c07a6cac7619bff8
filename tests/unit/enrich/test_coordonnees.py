"""Coordinates recognised against the commune, however they were typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrich.domain.enrichissement.coordonnees import (
    est_nulle,
    lire,
    reconnaitre,
)
from services.enrich.domain.enrichissement.position import placer
from services.enrich.domain.geographie import PROCHE_METRES, distance_metres
from services.enrich.domain.references.tables import Commune

PARIS = (48.8566, 2.3522)
BORDEAUX = (44.8378, -0.5792)
REUNION = (-20.8768, 55.4506)
COMMUNE = Commune("75056", "Paris", "75", ["75001"], *PARIS)


@pytest.mark.parametrize(
    ("texte", "centre", "nature"),
    [
        ("48,8566,2,3522", PARIS, "virgule"),
        ("48,8566 ; 2,3522", PARIS, "virgule"),
        ("48,8566 2,3522", PARIS, "virgule"),
        ("48,8566N 2,3522E", PARIS, "virgule"),
        ("48.8566;2.3522", PARIS, "presentation"),
        ("48.8566 / 2.3522", PARIS, "presentation"),
        ("lat: 48.8566 lon: 2.3522", PARIS, "presentation"),
        ('{"lat": 48.8566, "lng": 2.3522}', PARIS, "presentation"),
        ("48.8566° N, 2.3522° E", PARIS, "presentation"),
        ("E 2.3522 / N 48.8566", PARIS, "presentation"),
        ("44.8378° N, 0.5792° O", BORDEAUX, "presentation"),
        ("2.3522,48.8566", PARIS, "inversees"),
        ("[2.3522, 48.8566]", PARIS, "inversees"),
        ("POINT(2.3522 48.8566)", PARIS, "inversees"),
        ("2,3522 ; 48,8566", PARIS, "inversees"),
        ("48.8566,-2.3522", PARIS, "signe"),
        ("0.5792,44.8378", BORDEAUX, "signe"),
        ("20.8768,55.4506", REUNION, "signe"),
        ("48°51'24\"N 2°21'8\"E", PARIS, "sexagesimales"),
        ("48°51′24″ N, 2°21′8″ E", PARIS, "sexagesimales"),
        ("2°21'8\" E, 48°51'24\" N", PARIS, "sexagesimales"),
        ("N 48° 51,4' E 2° 21,13'", PARIS, "sexagesimales"),
        ("44°50'16\"N 0°34'45\"O", BORDEAUX, "sexagesimales"),
        ("44°50'16\"N 0°34'45\"W", BORDEAUX, "sexagesimales"),
        ("20°52'36\"S 55°27'2\"E", REUNION, "sexagesimales"),
        ("652381.1;6862047.9", PARIS, "projetees"),
        ("6862047 652381", PARIS, "projetees"),
        ("652 381,1 6 862 047,9", PARIS, "projetees"),
        ("X=652381 Y=6862047", PARIS, "projetees"),
        ("338827 7690711", REUNION, "projetees"),
        ("488566,23522", PARIS, "sans_point"),
    ],
)
def test_what_was_meant_is_recognised(texte: str, centre: tuple[float, float], nature: str) -> None:
    lecture = reconnaitre(texte, centre)

    assert lecture is not None
    assert lecture.nature == f"coordonnees_{nature}"
    assert distance_metres(lecture.position, centre) < 1_000


@pytest.mark.parametrize("texte", ["0,0", "à côté de la mairie", "43.7,7.26", "48.85", "1;2;3", ""])
def test_what_is_not_near_is_not_recognised(texte: str) -> None:
    assert reconnaitre(texte, PARIS) is None


@pytest.mark.parametrize("texte", ["0,0", "0.0;0.0", "0 0", "0.00000,-0.0"])
def test_nothing_but_zeros_is_no_position(texte: str) -> None:
    (constat,) = placer(texte, COMMUNE).constats

    assert est_nulle(texte)
    assert constat["code"] == "coordonnees_nulles"
    assert constat["correction"] == {"lieu_formation_geo_coordonnees": "48.8566,2.3522"}


def test_another_notation_is_shown_where_it_says() -> None:
    place = placer("48,86 2,36", COMMUNE)

    assert place.position == (48.86, 2.36)
    assert place.constats[0]["confiance"] == "moyenne"


def test_a_mistake_is_proposed_and_the_commune_shown() -> None:
    place = placer("2.36,48.86", COMMUNE)

    assert place.position == PARIS
    assert place.constats[0]["correction"] == {"lieu_formation_geo_coordonnees": "48.86,2.36"}


def test_what_cannot_be_read_gives_the_commune_and_says_so() -> None:
    place = placer("à côté de la mairie", COMMUNE)

    assert place.position == PARIS
    assert place.constats[0]["code"] == "coordonnees_illisibles"
    assert place.constats[0]["valeur"] == "à côté de la mairie"


def test_without_a_commune_a_notation_is_read_with_little_confidence() -> None:
    place = placer("48,86 2,36", None)

    assert place.position == (48.86, 2.36)
    assert place.constats[0]["confiance"] == "faible"
    assert placer("rien", None).position is None


ALPHABET = st.sampled_from("0123456789.,;+-° '\"NSEWOeo′″−\n\t \N{NO-BREAK SPACE}²١x")
TEXTES = st.one_of(st.text(), st.text(ALPHABET, max_size=60))


@given(TEXTES, st.floats(-90, 90), st.floats(-180, 180))
def test_no_text_raises_and_what_is_recognised_is_near(
    texte: str, latitude: float, longitude: float
) -> None:
    centre = latitude, longitude
    lecture = reconnaitre(texte, centre)
    lue = lire(texte)

    assert lecture is None or distance_metres(lecture.position, centre) <= PROCHE_METRES
    for position in (lecture and lecture.position, lue and lue.position):
        assert position is None or (abs(position[0]) <= 90 and abs(position[1]) <= 180)


@given(TEXTES)
def test_every_proposal_has_its_reason_confidence_and_correction(texte: str) -> None:
    for constat in placer(texte, COMMUNE).constats:
        if "proposition" in constat:
            assert {"raison", "confiance", "correction"} <= set(constat)
