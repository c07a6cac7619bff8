"""Levels of diplomas and common first years."""

import pytest

from services.enrich.domain.enrichissement.niveau import cfd_entree, niveau


@pytest.mark.parametrize(
    ("cfd", "attendu"),
    [
        ("50022137", "3 (CAP...)"),
        ("40025214", "4 (BAC...)"),
        ("32033422", "5 (BTS, DEUST...)"),
        ("25031205", "6 (Licence, BUT...)"),
        ("13531205", "7 (Master, titre ingénieur...)"),
        ("80031205", "8 (Doctorat...)"),
        ("01022404", "3 (CAP...)"),
        ("01033505", "4 (BAC...)"),
        ("01022001", "4 (BAC...)"),
        ("01025409", "4 (BAC...)"),
        ("01012345", None),
        ("99999902", None),
        ("", None),
    ],
)
def test_the_level_follows_from_the_code(cfd: str, attendu: str | None) -> None:
    assert niveau(cfd) == attendu


@pytest.mark.parametrize(
    ("cfd", "attendu"),
    [
        ("32033424", "32033422"),
        ("32022318", "32022316"),
        ("32033611", "32033608"),
        ("32033422", "32033422"),
        ("40025214", "40025214"),
    ],
)
def test_a_common_first_year_is_entered_under_its_own_code(cfd: str, attendu: str) -> None:
    assert cfd_entree(cfd) == attendu
