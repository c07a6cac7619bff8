"""Cursors of the change feed, and the buffer behind it."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.export.adapters.tampon import Lu, Tampon
from services.export.domain.curseur import Curseur, CurseurInvalide, ecrire, lire

PLACES = st.dictionaries(
    st.tuples(st.sampled_from(["formations", "publications"]), st.integers(0, 40)),
    st.integers(0, 2**60),
)


@given(PLACES)
def test_a_cursor_says_what_was_written(positions: dict[tuple[str, int], int]) -> None:
    curseur = Curseur({"formations": "a1", "publications": "b2"}, positions)
    assert lire(ecrire(curseur)) == curseur


@given(st.text(max_size=60))
def test_any_other_text_is_refused(texte: str) -> None:
    with pytest.raises(CurseurInvalide):
        lire(texte)


@pytest.mark.parametrize(
    "contenu",
    [None, [], {}, [2, {}], [1, {"f": ["a", [[0, -1]]]}], [1, {"f": ["a", [[0, True]]]}], [1, [1]]],
)
def test_json_that_is_no_cursor_is_refused(contenu: object) -> None:
    with pytest.raises(CurseurInvalide):
        lire(base64.urlsafe_b64encode(json.dumps(contenu).encode()).decode())


@given(
    st.lists(st.tuples(st.integers(1, 5), st.integers(0, 20)), max_size=60),
    st.integers(1, 200),
    st.integers(1, 7),
)
def test_the_buffer_gives_back_everything_from_its_start(
    arrivees: list[tuple[int, int]], octets: int, limite: int
) -> None:
    place = ("formations", 0)
    tampon = Tampon({place: 0}, octets)
    offset = 0
    ecrits = []
    for saut, taille in arrivees:
        offset += saut
        ecrits.append(Lu(offset, b"x" * taille))
        tampon.ajouter(place, ecrits[-1:], offset + 1)
    lus: list[Lu] = []
    depuis = tampon.debut(place)
    while depuis < tampon.fin(place):
        pris, depuis = tampon.lire(place, depuis, limite)
        lus += pris
    assert lus == [un for un in ecrits if un.offset >= tampon.debut(place)]
    assert sum(len(un.valeur) for un in lus) <= octets
