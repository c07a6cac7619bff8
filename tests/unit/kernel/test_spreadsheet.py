"""CSV for a French spreadsheet: what it would compute is quoted, coordinates are left."""

import pytest

from services.kernel.spreadsheet import csv_text, no_formula


@pytest.mark.parametrize(
    "text", ["=1+1", "+33 1 40", "-2+3", "@SOMME(A1)", "\tx", "\r=1", "-1, =2", "-1|-2", "-1", "-٣"]
)
def test_what_begins_as_a_formula_is_quoted(text: str) -> None:
    assert no_formula(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-21.10, -55.3", "-21,55", "48.85, 2.35", "a=b", ""])
def test_coordinates_and_plain_texts_are_left(text: str) -> None:
    assert no_formula(text) == text


@pytest.mark.parametrize("mark", [True, False])
def test_a_document_begins_by_the_mark_that_excel_needs_or_not(mark: bool) -> None:
    text = csv_text(["a", "b"], [["é;", None]], mark=mark)

    assert text.removeprefix("\ufeff") == 'a;b\r\n"é;";\r\n'
    assert text.startswith("\ufeff") is mark
