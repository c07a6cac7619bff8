"""The history: small entries that lead back to what a formation was."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.formation import Formation
from services.enrich.domain.historique import AUTOUR, a_plat, cumuler, ecarts, remonter
from services.enrich.domain.instants import fin_du_jour, lire_instant
from tests.unit.enrich.chronique import ETAPES, Etape, jouer
from tests.unit.enrich.magasin import Magasin

DEBUT = datetime(2026, 1, 15, 8, tzinfo=UTC)
HEURE = timedelta(hours=1)


def _etat(**formation: Any) -> dict[str, Any]:  # noqa: ANN401 - values of any kind
    autour = dict.fromkeys(AUTOUR) | {"etat": "active", "predecesseurs": [], "constats": []}
    return {**autour, "formation": formation}


def test_only_the_leaves_that_changed_are_kept() -> None:
    avant = _etat(rncp_details={"active_inactive": "ACTIVE", "nsf_code": "252r"}, cfd="1")
    apres = _etat(rncp_details={"active_inactive": "INACTIVE", "nsf_code": "252r"}, cfd="1")

    assert ecarts(avant, apres) == {"rncp_details.active_inactive": ["ACTIVE", "INACTIVE"]}


def test_no_field_of_the_description_is_named_as_one_around_it() -> None:
    assert not set(Formation.model_fields) & set(AUTOUR)


def test_there_and_back_is_no_change() -> None:
    assert cumuler([{"cfd": ["1", "2"], "duree": ["1", "2"]}, {"cfd": ["2", "1"]}]) == {
        "duree": ["1", "2"]
    }


NOMBRES = st.none() | st.integers(2, 4)
DETAILS = st.none() | st.fixed_dictionaries({"x": NOMBRES, "y": st.lists(NOMBRES, max_size=2)})
ETATS = st.builds(_etat, a=NOMBRES, b=st.lists(NOMBRES, max_size=2), details=DETAILS)


@given(st.lists(ETATS, min_size=1, max_size=6))
def test_undoing_the_changes_gives_back_each_state(etats: list[dict[str, Any]]) -> None:
    entrees = [ecarts(a, b) for a, b in pairwise(etats)]

    for rang, etat in enumerate(etats):
        assert remonter(a_plat(etats[-1]), entrees[rang:][::-1]) == a_plat(etat)


def _au(magasin: Magasin, instant: datetime) -> Mapping[str, Any]:
    entrees = [
        champs
        for (_, _, champs), le in zip(magasin.historique, magasin.instants, strict=True)
        if le > instant
    ]
    return remonter(a_plat(magasin.tenues["F1"].etat), reversed(entrees))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(ETAPES), min_size=1, max_size=7), st.data())
def test_as_of_any_instant_equals_the_replay_up_to_it(
    etapes: list[Etape], data: st.DataObject
) -> None:
    entier, prefixe = Magasin(), Magasin()
    rang = data.draw(st.integers(0, len(etapes)))
    asyncio.run(jouer(entier, etapes, DEBUT, HEURE))
    asyncio.run(jouer(prefixe, etapes[:rang], DEBUT, HEURE))

    assert _au(entier, DEBUT + rang * HEURE) == a_plat(prefixe.tenues["F1"].etat)


@pytest.mark.parametrize(
    ("jour", "fin"),
    [
        ("2026-01-15", datetime(2026, 1, 15, 22, 59, 59, 999_000, UTC)),
        ("2026-07-01", datetime(2026, 7, 1, 21, 59, 59, 999_000, UTC)),
        ("2026-03-29", datetime(2026, 3, 29, 21, 59, 59, 999_000, UTC)),
    ],
)
def test_a_day_ends_at_midnight_in_paris(jour: str, fin: datetime) -> None:
    assert lire_instant(jour) == fin == fin_du_jour(date.fromisoformat(jour))


def test_an_instant_is_read_with_its_zone_and_else_as_one_of_paris() -> None:
    assert lire_instant("2026-01-15T09:00:00") == lire_instant("2026-01-15T08:00:00Z")


@pytest.mark.parametrize("texte", ["", "hier", "2026-02-30", "9999-12-31", "15/01/2026"])
def test_what_is_no_day_is_refused(texte: str) -> None:
    assert lire_instant(texte) is None
