"""Which reader a body needs: told by its media type, or seen in its first bytes."""

from enum import StrEnum
from typing import Final

from services.collect.domain.readers.csv_rows import CsvReader, Recognise
from services.collect.domain.readers.json_array import JsonArrayReader
from services.collect.domain.readers.json_lines import JsonLinesReader
from services.collect.domain.readers.row import Bounds, Reader, Row, Unreadable
from services.collect.domain.readers.text import UTF8

_BOM: Final = b"\xef\xbb\xbf"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_GZIP: Final = b"\x1f\x8b"


class Format(StrEnum):
    """The forms of a deposit; `AUTO` is told by the first byte that is not blank."""

    AUTO = "auto"
    JSON = "json"
    CSV = "csv"


class OpeningReader:
    """Reads a body of any form: waits for its first bytes, then hands over to the right reader."""

    def __init__(self, expected: Format, bounds: Bounds, recognise: Recognise) -> None:
        """Start before the first byte."""
        self.format = ""
        self._expected = expected
        self._bounds = bounds
        self._recognise = recognise
        self._head = b""
        self._reader: Reader | None = None

    @property
    def truncated(self) -> bool:
        """Tell, once closed, whether the body stops inside a record."""
        return self._reader is not None and self._reader.truncated

    @property
    def supposed_encoding(self) -> str | None:
        """Return the encoding that was guessed because the body is not UTF-8; None otherwise."""
        guessed = self._reader.decoder.encoding if isinstance(self._reader, CsvReader) else None
        return guessed if guessed != UTF8 else None

    @property
    def duplicates(self) -> list[str]:
        """Return the names that several columns bear."""
        return self._reader.duplicates if isinstance(self._reader, CsvReader) else []

    def feed(self, chunk: bytes) -> list[Row]:
        """Take bytes, return the rows that they end."""
        if self._reader is not None:
            return self._reader.feed(chunk)
        self._head += chunk
        if len(self._head) < len(_BOM) or not self._head.removeprefix(_BOM).strip():
            if len(self._head) > self._bounds.record_bytes:
                raise Unreadable("Le corps ne contient que des blancs.")
            return []
        return self._open()

    def close(self) -> list[Row]:
        """Say that no byte follows.

        Raises:
            Unreadable: the body is empty.
        """
        rows = self._open() if self._reader is None else []
        if self._reader is None:
            raise Unreadable("Le corps est vide.")
        return rows + self._reader.close()

    def _open(self) -> list[Row]:
        head, self._head = self._head, b""
        if head.startswith(_UTF16):
            raise Unreadable("Le fichier est en UTF-16 ; enregistrez-le en UTF-8.")
        if head.startswith(_GZIP):
            raise Unreadable("Le fichier est compressé dans un format inattendu.")
        bom = head.startswith(_BOM)
        body = head.removeprefix(_BOM)
        first = body.lstrip()[:1]
        if not first:
            return []
        self.format, self._reader = self._choose(first, bom=bom)
        return self._reader.feed(body)

    def _choose(self, first: bytes, *, bom: bool) -> tuple[str, Reader]:
        if self._expected is not Format.CSV:
            if first == b"[":
                return "json", JsonArrayReader(self._bounds)
            if first == b"{" or self._expected is Format.JSON:
                return "ndjson", JsonLinesReader(self._bounds)
        return "csv", CsvReader(self._bounds, self._recognise, UTF8 if bom else None)
