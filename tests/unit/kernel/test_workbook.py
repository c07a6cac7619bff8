"""A workbook keeps codes, dates and texts that look like formulas."""

import io
from datetime import UTC, date, datetime

from openpyxl import load_workbook  # type: ignore[import-untyped]

from services.kernel.workbook import xlsx

LIGNES: list[list[object]] = [
    ["00123", "=1+1", date(2026, 9, 1), datetime(2026, 9, 1, 8, tzinfo=UTC), 12, None, True],
    ["é\x00à", "x" * 40_000, None, None, 1.5, "", False],
]


def test_what_is_written_is_read_back() -> None:
    feuille = load_workbook(io.BytesIO(xlsx("offres", list("ABCDEFG"), LIGNES))).active

    (premiere, seconde) = list(feuille.iter_rows(min_row=2))
    assert [cellule.value for cellule in premiere] == [
        "00123",
        "=1+1",
        datetime(2026, 9, 1),  # noqa: DTZ001 - a spreadsheet knows no time zone
        datetime(2026, 9, 1, 8),  # noqa: DTZ001
        12,
        None,
        True,
    ]
    assert [cellule.data_type for cellule in premiere[:2]] == ["s", "s"]
    assert seconde[0].value == "éà"
    assert len(seconde[1].value) == 32_767


def test_the_same_rows_are_the_same_bytes() -> None:
    assert xlsx("a", ["A"], [["1"]]) == xlsx("a", ["A"], [["1"]])
