"""Dates, months, years and sessions as depositors write them (domain.md §1.3, §1.5)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.identifiants import dates, modalite, periode, sessions


class TestDates:
    @pytest.mark.parametrize(
        ("typed", "jour"),
        [
            ("2021-09-01", "2021-09-01"),
            ("01/09/2021", "2021-09-01"),
            ("1/9/2021", "2021-09-01"),
            ("20210901", "2021-09-01"),
            (20210901, "2021-09-01"),
            ("2021-09-01T00:00:00", "2021-09-01"),
            ("2021-08-31T22:00:00.000Z", "2021-09-01"),
            ("2021-12-31T23:30:00Z", "2022-01-01"),
            ("2024-02-29", "2024-02-29"),
            ("2021-02-29", None),
            ("2021-13-01", None),
            ("septembre 2021", None),
            ("0001-01-01T00:00:00+14:00", None),
            (None, None),
        ],
    )
    def test_a_day_is_that_of_paris(self, typed: object, jour: str | None) -> None:
        assert dates.normaliser(typed) == jour

    @given(st.dates())
    def test_an_iso_date_is_itself(self, jour: date) -> None:
        assert dates.normaliser(jour.isoformat()) == jour.isoformat()
        assert dates.est_valide(jour.isoformat())

    @given(st.text())
    def test_reading_never_raises(self, texte: str) -> None:
        dates.normaliser(texte)


class TestPeriode:
    def test_months_are_distinct_and_ascending(self) -> None:
        lue = periode.lire("2022-09##2021-10|2022-09 | ")

        assert lue == (["2021-10", "2022-09"], [])

    def test_other_forms_of_a_month_are_read(self) -> None:
        assert periode.lire(["2021-09-15", "9/2022", "2023-01-01T00:00:00Z"]).mois == [
            "2021-09",
            "2022-09",
            "2023-01",
        ]

    def test_what_is_no_month_is_kept_apart(self) -> None:
        assert periode.lire(["2021-09", "rentrée", "2021-13", 7]) == (
            ["2021-09"],
            ["rentrée", "2021-13", "7"],
        )

    @pytest.mark.parametrize("vide", [None, "", [], {}])
    def test_nothing_is_an_empty_period(self, vide: object) -> None:
        assert periode.lire(vide) == ([], [])

    def test_tags_start_in_2020(self) -> None:
        assert periode.tags(["2019-09", "2022-01##2020-09"]) == ["2020", "2022"]

    def test_lines_of_a_page(self) -> None:
        assert periode.lignes(["2022-01", "2021-09", "2021-02", "bientôt"]) == [
            "2021 : février, septembre",
            "2022 : janvier",
            "Période invalide : bientôt",
        ]


class TestModalite:
    @pytest.mark.parametrize(
        ("typed", "lu"),
        [
            ("2", "2"),
            (2, "2"),
            (2.0, "2"),
            ("02", "2"),
            ("2 ans", "2"),
            ("x", "X"),
            ("1ère", "1"),
            ("2 années", "2"),
            ("0", None),
            ("12", None),
            ("1,5", None),
            ("un", None),
            (None, None),
        ],
    )
    def test_duree_and_annee(self, typed: object, lu: str | None) -> None:
        assert modalite.normaliser(typed) == lu

    def test_numbers(self) -> None:
        assert modalite.en_nombre("3") == 3
        assert modalite.en_nombre("X") is None

    @pytest.mark.parametrize(
        ("typed", "places"),
        [("15", 15), ("1 200", 1200), ("15-20", None), ("12,5", None), ("", None)],
    )
    def test_capacite(self, typed: str, places: int | None) -> None:
        assert modalite.capacite(typed) == places


class TestSessions:
    def test_equal_lists_pair_by_rank_once_sorted(self) -> None:
        paires = sessions.apparier(
            ["2023-09-04", "2022-09-05"], ["2024-07-05", "2025-07-04"], duree=2, annee=1
        )

        assert paires == [("2022-09-05", "2024-07-05"), ("2023-09-04", "2025-07-04")]

    def test_each_date_of_the_shorter_list_finds_its_span(self) -> None:
        paires = sessions.apparier(
            ["2022-09-05"], ["2023-07-05", "2024-07-05", "2025-07-04"], duree=2, annee=1
        )

        assert paires == [("2022-09-05", "2024-07-05")]

    def test_the_entry_year_shortens_the_span(self) -> None:
        paires = sessions.apparier(
            ["2022-09-05"], ["2023-07-05", "2024-07-05", "2025-07-04"], duree=2, annee=2
        )

        assert paires == [("2022-09-05", "2023-07-05")]

    @pytest.mark.parametrize(("debuts", "fins"), [([], ["2024-07-05"]), (["2022-09-05"], [])])
    def test_an_empty_list_gives_no_session(self, debuts: list[str], fins: list[str]) -> None:
        assert sessions.apparier(debuts, fins, duree=2, annee=None) == []
