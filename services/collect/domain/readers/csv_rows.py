"""CSV as spreadsheets write it: separators `;`, `,` or tab, quoted line breaks, any encoding.

A possessive regular expression finds in C where a record ends, quoted cells included; the standard
csv module then splits it. A quote that is never closed would swallow the file: a record over
several lines without the header's number of cells is taken for its first line alone.
"""

import csv
import re
from collections.abc import Callable
from typing import Final

from services.collect.domain.readers.row import CUT, Bounds, Fault, Row, Unreadable
from services.collect.domain.readers.text import Decoder

SEPARATORS: Final = (";", ",", "\t")

Recognise = Callable[[str], str | None]
"""Gives the field that a column name means; None for a name that means none."""

_OLD_MAC: Final = re.compile(rb"\r[^\n]")
_UNCLOSED: Final = Fault("ligne_illisible", "un guillemet ouvert n'est pas fermé")
_MISQUOTED: Final = Fault("ligne_illisible", "les guillemets y sont mal placés")


def _record(separator: str) -> re.Pattern[bytes]:
    sep = re.escape(separator.encode())
    plain = rb"[^\n" + sep + rb"]*+"
    cell = rb'(?:"(?:[^"]++|"")*+"' + plain + rb'|(?!")' + plain + rb")"
    return re.compile(cell + rb"(?:" + sep + cell + rb")*+\n")


_RECORDS: Final = {separator: _record(separator) for separator in SEPARATORS}


class CsvReader:
    """Reads the rows under a header line; columns keep the names that the header gives them.

    Rows without any text are not records. Of columns of one name the first counts. Cells beyond
    the header are a fault when they hold text; missing ones (some spreadsheets drop empty cells at
    the end of a line) are read as empty.
    """

    def __init__(self, bounds: Bounds, recognise: Recognise, encoding: str | None = None) -> None:
        """Start before the header; `recognise` tells the separator by the columns it yields."""
        self.truncated = False
        self.duplicates: list[str] = []  # columns of the header whose name came before
        self.decoder = Decoder(encoding)
        self._bounds = bounds
        self._recognise = recognise
        self._header: list[str] = []
        self._separator = SEPARATORS[0]
        self._buffer = b""
        self._at = 0
        self._rank = 0
        self._line = 1  # physical line of `_at`
        self._skipping = False
        self._short = False  # the last row had fewer cells than the header
        self._old_mac = False

    def feed(self, chunk: bytes) -> list[Row]:
        """Take bytes, return the rows that they end."""
        self._buffer = self._buffer[self._at :] + chunk
        self._at = 0
        self._translate_old_newlines()
        if not self._header and not self._read_header():
            return []
        rows: list[Row] = []
        while self._step(rows):
            pass
        return rows

    def close(self) -> list[Row]:
        """Read the last row, which may lack its newline; tell whether it was cut."""
        unended = bool(self._buffer[self._at :].strip())
        rows = self.feed(b"\n") if unended else []
        if unended and not self._header:
            raise Unreadable("La ligne d'en-tête ouvre un guillemet qui n'est jamais fermé.")
        if unended and rows and rows[-1].fault is None and self._short:
            self.truncated = True
            rows[-1] = rows[-1]._replace(value=None, fault=CUT)
        while self._at < len(self._buffer):
            self._unclosed(rows)
        return rows

    def _translate_old_newlines(self) -> None:
        if not self._header and b"\n" not in self._buffer and _OLD_MAC.search(self._buffer):
            self._old_mac = True
        if self._old_mac:
            self._buffer = self._buffer.replace(b"\r", b"\n")

    def _read_header(self) -> bool:
        blank = len(self._buffer) - len(self._buffer.lstrip(b"\r\n"))
        self._advance(blank)
        if len(self._buffer) - self._at > self._bounds.record_bytes:
            raise Unreadable(f"Ligne d'en-tête : {self._bounds.too_long.detail}.")
        candidates = [cells for separator in SEPARATORS if (cells := self._cells(separator))]
        if not candidates:
            return False
        known, _, separator, end, names = max(candidates)
        if not known:
            raise Unreadable(
                "Aucune colonne de la première ligne n'est reconnue ; elle doit porter les noms "
                "des champs (par exemple etablissement_gestionnaire_siret)."
            )
        if len(names) > self._bounds.columns:
            raise Unreadable(f"Le fichier a plus de {self._bounds.columns} colonnes.")
        self._header, self.duplicates = _without_duplicates(names)
        self._separator = separator
        self._advance(end)
        return True

    def _cells(self, separator: str) -> tuple[int, int, str, int, list[str]] | None:
        found = _RECORDS[separator].match(self._buffer, self._at)
        if found is None:
            return None
        text, fault = self.decoder.decode(found[0])
        if fault is not None or text is None:
            raise Unreadable("La ligne d'en-tête n'est ni en UTF-8 ni en cp1252.")
        names = [name.strip() for name in _split(text, separator) or ()]
        known = sum(self._recognise(name) is not None for name in names)
        return known, len(names), separator, found.end(), names

    def _step(self, rows: list[Row]) -> bool:
        """Go on by one record at most; False when more bytes are needed."""
        if self._skipping:
            return self._skip_line()
        found = _RECORDS[self._separator].match(self._buffer, self._at)
        end = found.end() if found else len(self._buffer)
        if end - self._at > self._bounds.record_bytes:
            return self._lose(rows, self._bounds.too_long)
        if found is None:
            return False
        return self._take(found[0], rows)

    def _take(self, record: bytes, rows: list[Row]) -> bool:
        text, fault = self.decoder.decode(record)
        cells = None if text is None else _split(text, self._separator)
        if cells is None or len(cells) != len(self._header):
            if record.count(b"\n") > 1:
                return self._lose(rows, fault or _UNCLOSED)
            if cells and any(cell.strip() for cell in cells[len(self._header) :]):
                fault = Fault("nombre_de_cellules", f"{len(cells)} pour {len(self._header)}")
        if cells is None or fault:
            rows.append(self._fault(fault or _MISQUOTED))
        elif any(cell and not cell.isspace() for cell in cells):
            self._rank += 1
            self._short = len(cells) < len(self._header)
            value = dict(zip(self._header, cells, strict=False))
            value.pop("", None)
            rows.append(Row(self._rank, self._line, value, None))
        self._advance(self._at + len(record))
        return True

    def _lose(self, rows: list[Row], fault: Fault) -> bool:
        rows.append(self._fault(fault))
        self._skipping = True
        return True

    def _skip_line(self) -> bool:
        newline = self._buffer.find(b"\n", self._at)
        self._advance(newline + 1 or len(self._buffer))
        self._skipping = newline < 0
        return newline >= 0

    def _unclosed(self, rows: list[Row]) -> None:
        """Stand, at the end, in a quoted cell: a cut file, or a stray quote before good rows."""
        resume = self._next_whole_row()
        self.truncated = resume is None
        rows.append(self._fault(CUT if resume is None else _UNCLOSED))
        self._advance(len(self._buffer) if resume is None else resume)
        while self._step(rows):
            pass

    def _next_whole_row(self) -> int | None:
        start = self._buffer.find(b"\n", self._at) + 1
        while 0 < start < len(self._buffer):
            found = _RECORDS[self._separator].match(self._buffer, start)
            text = found and self.decoder.decode(found[0])[0]
            if text and len(_split(text, self._separator) or ()) == len(self._header) > 1:
                return start
            start = self._buffer.find(b"\n", start) + 1
        return None

    def _fault(self, fault: Fault) -> Row:
        self._rank += 1
        return Row(self._rank, self._line, None, fault)

    def _advance(self, to: int) -> None:
        self._line += self._buffer.count(b"\n", self._at, to)
        self._at = to


def _without_duplicates(names: list[str]) -> tuple[list[str], list[str]]:
    """Return the names with repeated ones made empty, and the repeated names."""
    seen: set[str] = {""}
    kept, repeated = [], []
    for name in names:
        if name and name in seen:
            repeated.append(name)
        kept.append("" if name in seen else name)
        seen.add(name)
    return kept, sorted(set(repeated))


def _split(text: str, separator: str) -> list[str] | None:
    """Return the cells of one record; None when its quotes make no sense."""
    text = text.removesuffix("\n").removesuffix("\r")
    if '"' not in text:
        return text.split(separator)
    try:
        return next(csv.reader((text,), delimiter=separator))
    except csv.Error:
        return None
