"""The walk from a diploma to the one taught today."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrich.domain.enrichissement.remplacement import Info, remplacer
from services.enrich.domain.references.tables import Cfd
from tests.unit.enrich.fabrique import (
    BAC_PRO,
    BOUCLE_A,
    BOUCLE_B,
    CAP_FERME,
    CAP_SUIVANT,
    JOUR,
    SANS_SUITE,
    VERS_INCONNU,
    references,
)

CFDS = references().cfds


@pytest.mark.parametrize(
    ("code", "info", "chemin"),
    [
        (BAC_PRO, Info.TROUVE, [BAC_PRO]),
        (CAP_FERME, Info.MIS_A_JOUR, [CAP_FERME, CAP_SUIVANT]),
        (SANS_SUITE, Info.PERIME, [SANS_SUITE]),
        (BOUCLE_A, Info.PERIME, [BOUCLE_A, BOUCLE_B, BOUCLE_A]),
        (VERS_INCONNU, Info.NON_TROUVE, [VERS_INCONNU, "50099999"]),
        ("99999999", Info.NON_TROUVE, ["99999999"]),
    ],
)
def test_each_outcome(code: str, info: Info, chemin: list[str]) -> None:
    trouve = remplacer(code, CFDS, JOUR)

    assert (trouve.info, list(trouve.chemin)) == (info, chemin)


@pytest.mark.parametrize(
    ("jour", "info"),
    [
        (date(2024, 1, 1), Info.PERIME),
        (date(2024, 8, 31), Info.PERIME),
        (date(2024, 12, 31), Info.PERIME),
        (date(2023, 12, 31), Info.TROUVE),
        (date(2024, 2, 29), Info.PERIME),
    ],
)
def test_a_diploma_is_judged_at_31_august_of_the_year_of_the_day(jour: date, info: Info) -> None:
    assert remplacer(CAP_SUIVANT, CFDS, jour).info is info


def test_of_several_successors_the_last_is_followed() -> None:
    cfds = {
        "A": Cfd("A", "500", None, None, None, None, "2000-08-31", ["B", "C"]),
        "B": Cfd("B", "500", None, None, None, None, None, []),
        "C": Cfd("C", "500", None, None, None, None, None, []),
    }

    assert remplacer("A", cfds, JOUR).chemin == ("A", "C")


_CODES = st.sampled_from("ABCDEFG")


@given(st.dictionaries(_CODES, st.lists(_CODES, max_size=2)), _CODES)
def test_the_walk_ends_on_any_table(suites: dict[str, list[str]], depart: str) -> None:
    cfds = {
        code: Cfd(code, "500", None, None, None, None, "2000-08-31", nouveaux)
        for code, nouveaux in suites.items()
    }

    assert len(remplacer(depart, cfds, JOUR).chemin) <= len(cfds) + 1
