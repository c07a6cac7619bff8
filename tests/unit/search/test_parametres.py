"""The query parameters: what is refused and what becomes of the rest."""

import pytest
from pydantic import ValidationError

from services.search.domain.criteres import Criteres, Point, Publiees, Tri
from services.search.domain.filtres import NOMS_DES_FACETTES
from services.search.entrypoints.parametres import LIMITE_MAX, Parametres


def _criteres(**valeurs: object) -> Criteres:
    criteres: Criteres = Parametres.model_validate(valeurs).demande().criteres
    return criteres


@pytest.mark.parametrize(
    "valeurs",
    [
        {"lat": 48.1},
        {"lon": -1.7},
        {"lat": 91, "lon": 0},
        {"lat": "nan", "lon": 0},
        {"rayon_km": 10},
        {"tri": "distance"},
        {"tri": "hasard"},
        {"autour_de": "Rennes", "lat": 48.1, "lon": -1.7},
        {"autour_de": "Rennes", "rayon_km": 0},
        {"limite": 0},
        {"limite": LIMITE_MAX + 1},
        {"entree": ["septembre"]},
        {"entree_du": "2022-01-01", "entree_au": "2021-01-01"},
        {"a_distance": ["peut-être"]},
        {"publiees": "parfois"},
        {"facettes": ["inconnue"]},
        {"inconnu": "x"},
    ],
)
def test_refused(valeurs: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Parametres.model_validate(valeurs)


def test_defaults() -> None:
    criteres = _criteres()
    assert (criteres.publiees, criteres.tri, criteres.point) == (
        Publiees.OUI,
        Tri.PERTINENCE,
        None,
    )
    assert criteres.facettes == NOMS_DES_FACETTES


def test_codes_are_read_as_the_field_writes_them() -> None:
    criteres = _criteres(rncp=["18704"], siret=["130 025 265 00013"], a_distance=["oui"])
    assert criteres.filtres == {
        "rncp": ("RNCP18704",),
        "siret": ("13002526500013",),
        "a_distance": ("true",),
    }


def test_a_point() -> None:
    assert _criteres(lat=48.1, lon=-1.7, tri="distance").point == Point(48.1, -1.7)


def test_facets_can_be_left_out() -> None:
    assert _criteres(facettes=["aucune"]).facettes == ()
