"""When an offer starts: sessions paired, capacities kept, starts far away doubted."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrich.domain.constats import Constat
from services.enrich.domain.enrichissement.sessions import Calendrier

CALENDRIER = Calendrier(date(2020, 11, 16))
DEBUTS = ["2022-09-01", "2020-09-11", "2021-09-02"]
FINS = ["2022-07-09", "2023-07-07", "2024-07-10"]


def dater(**offre: Any) -> dict[str, Any]:  # noqa: ANN401 - values of any kind
    return CALENDRIER.dater(offre)[0]


def doute(**offre: Any) -> Constat:  # noqa: ANN401 - values of any kind
    (constat,) = CALENDRIER.dater(offre)[1]
    return constat


def test_sessions_are_paired_in_the_order_of_dates() -> None:
    formation = dater(date_debut=DEBUTS, date_fin=FINS, duree="2", annee="1", capacite="10")

    assert formation["sessions"] == [
        {"debut": "2020-09-11", "fin": "2022-07-09", "capacite": 10},
        {"debut": "2021-09-02", "fin": "2023-07-07", "capacite": 10},
        {"debut": "2022-09-01", "fin": "2024-07-10", "capacite": 10},
    ]
    assert formation["date_debut"] == DEBUTS


def test_each_session_has_the_places_of_its_start() -> None:
    formation = dater(
        date_debut=DEBUTS, date_fin=FINS, capacite="10", capacite_simultanee=[3, None, 0]
    )

    assert [session["capacite"] for session in formation["sessions"]] == [None, 0, 3]
    assert formation["capacite_simultanee"] == [3, None, 0]


def test_no_place_is_not_an_unknown_number_of_places() -> None:
    lus = [dater(date_debut=DEBUTS, date_fin=FINS, capacite=c)["sessions"] for c in ("0", None)]

    assert [{session["capacite"] for session in sessions} for sessions in lus] == [{0}, {None}]


def test_no_end_makes_no_session() -> None:
    assert dater(date_debut=DEBUTS)["sessions"] == []


@pytest.mark.parametrize("debut", ["2015-01-01", "2020-09-01", "2025-09-01"])
def test_a_start_of_some_years_ago_or_ahead_is_no_doubt(debut: str) -> None:
    assert CALENDRIER.dater({"date_debut": [debut]})[1] == ()


def test_a_start_ten_years_off_is_proposed_ten_years_nearer() -> None:
    constat = doute(date_debut=["2021-09-01", "2031-09-01", "2011-09-02"])

    assert constat["code"] == "date_debut_lointaine"
    assert constat["valeur"] == "2031-09-01, 2011-09-02"
    assert constat["confiance"] == "faible"
    assert constat["correction"] == {"date_debut": ["2021-09-01", "2021-09-01", "2021-09-02"]}


def test_the_period_of_the_offer_vouches_for_the_year() -> None:
    constat = doute(date_debut=["2012-09-01"], periode=["2021-09", "2021-10"])

    assert constat["correction"] == {"date_debut": ["2021-09-01"]}
    assert constat["confiance"] == "moyenne"


def test_the_end_of_the_session_vouches_for_the_year() -> None:
    constat = doute(date_debut=["2001-09-01"], date_fin=["2023-07-01"], duree="2", annee="1")

    assert constat["correction"] == {"date_debut": ["2021-09-01"]}
    assert constat["confiance"] == "moyenne"


def test_a_start_in_another_century_has_no_proposal() -> None:
    assert "proposition" not in doute(date_debut=["1921-09-01"])


def test_months_are_doubted_like_dates() -> None:
    constat = doute(periode=["2021-09", "2031-09"])

    assert (constat["champ"], constat["valeur"]) == ("periode", "2031-09")
    assert constat["correction"] == {"periode": ["2021-09"]}


DATES = st.lists(st.dates().map(date.isoformat) | st.text(max_size=10), max_size=4)


@given(
    st.fixed_dictionaries(
        {
            "date_debut": DATES,
            "date_fin": DATES,
            "periode": DATES,
            "capacite_simultanee": st.lists(st.none() | st.integers(0, 99), max_size=4),
            "duree": st.sampled_from([None, "1", "2", "X", "24"]),
            "annee": st.sampled_from([None, "1", "3", "X", "?"]),
            "capacite": st.none() | st.text(max_size=3),
        }
    )
)
def test_any_lists_are_read(offre: dict[str, Any]) -> None:
    formation, constats = CALENDRIER.dater(offre)

    assert len(formation["sessions"]) <= min(len(offre["date_debut"]), len(offre["date_fin"]))
    assert all(("proposition" in c) is ("confiance" in c) for c in constats)
