"""Ranges of lines in reports."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrich.domain.suivi import plages


@pytest.mark.parametrize(
    ("rangs", "attendu"),
    [
        ([], []),
        ([3], [[3, 3]]),
        ([1, 2, 3], [[1, 3]]),
        ([3, 1, 2, 2], [[1, 3]]),
        ([1, 3, 4, 9], [[1, 1], [3, 4], [9, 9]]),
    ],
)
def test_ranges(rangs: list[int], attendu: list[list[int]]) -> None:
    assert plages(rangs) == attendu


@given(st.lists(st.integers(1, 60)))
def test_ranges_cover_the_ranks_and_no_other(rangs: list[int]) -> None:
    couvertes = [rang for debut, fin in plages(rangs) for rang in range(debut, fin + 1)]

    assert couvertes == sorted(set(rangs))
