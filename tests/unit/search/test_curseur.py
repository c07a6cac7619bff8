"""Cursors come back as they went, and only to the search that gave them."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.search.domain.criteres import Criteres, Mode, Point, Tri
from services.search.domain.curseur import Curseur, CurseurInvalide, ecrire, lire

CRITERES = Criteres(q="pain", filtres={"region": ("Bretagne",)}, tri=Tri.PERTINENCE)


@given(
    st.lists(st.one_of(st.text(), st.integers(-(2**53), 2**53), st.floats(0, 1e6)), max_size=3),
    st.sampled_from(Mode),
    st.none() | st.builds(Point, st.floats(-90, 90), st.floats(-180, 180)),
)
def test_round_trip(valeurs: list[str | int | float], mode: Mode, point: Point | None) -> None:
    curseur = Curseur(tuple(valeurs), mode, point)
    assert lire(ecrire(curseur, CRITERES, "rennes"), CRITERES, "rennes") == curseur


@pytest.mark.parametrize(
    "autre",
    [
        replace(CRITERES, q="paille"),
        replace(CRITERES, tri=Tri.INTITULE),
        replace(CRITERES, filtres={}),
        replace(CRITERES, rayon_km=5.0),
    ],
)
def test_a_cursor_of_another_search_is_refused(autre: Criteres) -> None:
    texte = ecrire(Curseur((1,)), CRITERES)
    with pytest.raises(CurseurInvalide):
        lire(texte, autre)


def test_page_size_and_facets_may_change_between_pages() -> None:
    texte = ecrire(Curseur((1,)), CRITERES)
    assert lire(texte, replace(CRITERES, limite=5, facettes=("region",))) == Curseur((1,))


@given(st.text(max_size=60))
def test_any_text_is_refused_cleanly(texte: str) -> None:
    with pytest.raises(CurseurInvalide):
        lire(texte, CRITERES)
