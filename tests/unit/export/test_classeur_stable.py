"""A workbook of the académies: codes and dates kept, nothing computed, the same bytes each time."""

import io
from datetime import date, datetime

from openpyxl import load_workbook  # type: ignore[import-untyped]

from services.export.adapters.classeur_stable import classeur_stable


async def test_codes_dates_and_what_looks_like_a_formula_are_kept() -> None:
    octets = await classeur_stable(["A", "B", "C", "D"], [["00123", "=1+1", date(2026, 9, 1), ""]])
    feuille = load_workbook(io.BytesIO(octets)).active

    (rangee,) = feuille.iter_rows(min_row=2)
    assert [cellule.value for cellule in rangee[:3]] == [
        "00123",
        "=1+1",
        datetime(2026, 9, 1),  # noqa: DTZ001 - a spreadsheet knows no time zone
    ]
    assert [cellule.data_type for cellule in rangee[:2]] == ["s", "s"]


async def test_the_same_rows_are_the_same_bytes() -> None:
    assert await classeur_stable(["A"], [["1"]]) == await classeur_stable(["A"], [["1"]])
