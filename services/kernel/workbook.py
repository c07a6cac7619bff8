"""XLSX that keeps what is in it: codes are texts, dates are dates, nothing is computed.

The same rows make the same bytes: an entity tag over the file holds.
"""

import io
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook  # type: ignore[import-untyped]
from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LONGEST: Final = 32_767  # characters that a cell may hold
_ILLEGAL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
_DATE: Final = "dd/mm/yyyy"


def xlsx(title: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a workbook of one sheet; every text is stored as a text, whatever it looks like."""
    book = Workbook(write_only=True)
    book.properties.created = book.properties.modified = _EPOCH.replace(tzinfo=None)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for row in (header, *rows):
        sheet.append([_cell(sheet, value) for value in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return _without_clock(buffer)


def _cell(sheet: object, value: object) -> object:
    if value is None or value == "":
        return None
    if isinstance(value, bool | int | float):
        return value
    cell = WriteOnlyCell(sheet)
    if isinstance(value, date):
        naive = isinstance(value, datetime) and value.tzinfo is not None
        cell.value = value.replace(tzinfo=None) if naive else value  # type: ignore[call-arg]
        cell.number_format = _DATE
        return cell
    cell.value = _ILLEGAL.sub("", str(value))[:_LONGEST]
    cell.data_type = "s"  # set last: a text that begins with = would have made it a formula
    cell.number_format = "@"
    return cell


def _without_clock(written: io.BytesIO) -> bytes:
    """Return the same archive with the date of no day: openpyxl stamps its members."""
    result = io.BytesIO()
    with ZipFile(written) as source, ZipFile(result, "w", ZIP_DEFLATED) as target:
        for member in source.infolist():
            content = source.read(member)
            if member.filename == "docProps/core.xml":
                content = re.sub(
                    rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2000-01-01T00:00:00Z", content
                )
            target.writestr(ZipInfo(member.filename), content, ZIP_DEFLATED)
    return result.getvalue()
