"""The encoding of a text file that does not say it: UTF-8, or what older spreadsheets write."""

from typing import Final

from services.collect.domain.readers.row import Fault, encoding_fault

UTF8: Final = "utf-8"
CP1252: Final = "cp1252"


class Decoder:
    """Decodes records one by one with the encoding that the first accented one shows.

    `encoding` is None while all was ASCII. Once the encoding is known, a record that does not fit
    it is a fault, never decoded otherwise: a file has one encoding.
    """

    def __init__(self, encoding: str | None = None) -> None:
        """Start without an opinion, or with the encoding that a byte order mark gave."""
        self.encoding = encoding

    def decode(self, record: bytes) -> tuple[str | None, Fault | None]:
        """Return the text of a record, or the fault that the report shows."""
        if record.isascii():
            return record.decode("ascii"), None
        if self.encoding is None:
            self.encoding = UTF8 if _is_utf8(record) else CP1252
        try:
            return record.decode(self.encoding), None
        except UnicodeDecodeError as exc:
            return None, encoding_fault(exc)


def _is_utf8(record: bytes) -> bool:
    try:
        record.decode(UTF8)
    except UnicodeDecodeError:
        return False
    return True
