"""CSV that a French spreadsheet opens by double click: `;`, BOM, no cell that it computes.

The form for machines is plain: `,`, no BOM, every cell exactly as it is.
"""

import csv
import io
import re
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Final

CSV: Final = "text/csv; charset=utf-8"
_BOM: Final = "\ufeff"
_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r")
_ROWS_PER_PIECE: Final = 500
# They begin as a formula does in the southern hemisphere, and are none.
_COORDINATES: Final = re.compile(r"-?\d+(\.\d+)?, ?-?\d+(\.\d+)?", re.ASCII)


def attachment(name: str) -> dict[str, str]:
    """Return the header by which a browser keeps an answer as the file `name` (plain ASCII)."""
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def no_formula(cell: object) -> object:
    """Return a cell that no spreadsheet computes: a text that begins like a formula is quoted.

    A pair of coordinates (`-21.1, 55.3`) stays as it is.
    """
    if isinstance(cell, str) and cell.startswith(_FORMULAS) and not _COORDINATES.fullmatch(cell):
        return "'" + cell
    return "" if cell is None else cell


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]], *, mark: bool = True) -> str:
    """Return a whole small document; without `mark` it has no BOM, for a program that reads `;`."""
    buffer = io.StringIO(_BOM if mark else "")
    buffer.seek(0, io.SEEK_END)
    writer = csv.writer(buffer, delimiter=";")
    writer.writerow(header)
    writer.writerows([no_formula(cell) for cell in row] for row in rows)
    return buffer.getvalue()


async def csv_stream(
    header: Sequence[str], rows: AsyncIterator[Sequence[object]], *, machine: bool = False
) -> AsyncIterator[str]:
    """Yield a document in pieces, however long it is."""
    buffer = io.StringIO("" if machine else _BOM)
    buffer.seek(0, io.SEEK_END)
    writer = csv.writer(buffer, delimiter="," if machine else ";")
    writer.writerow(header)
    written = 0
    async for row in rows:
        writer.writerow(row if machine else [no_formula(cell) for cell in row])
        written += 1
        if written % _ROWS_PER_PIECE == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()
