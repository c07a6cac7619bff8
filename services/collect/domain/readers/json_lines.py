"""JSON Lines: one object per line, blank lines allowed, the last newline optional."""

from services.collect.domain.readers.row import CUT, Bounds, Fault, Row, read_json


class JsonLinesReader:
    """Reads one object per line; a line that cannot be read costs no other."""

    def __init__(self, bounds: Bounds) -> None:
        """Start before the first line."""
        self.truncated = False
        self._bounds = bounds
        self._rest = b""
        self._rank = 0
        self._line = 0
        self._skipping = False

    def feed(self, chunk: bytes) -> list[Row]:
        """Take bytes, return the rows of the lines that they end."""
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        rows = []
        for line in lines:
            self._line += 1
            if self._skipping:
                self._skipping = False
            elif line and not line.isspace():
                rows.append(self._row(line))
        if len(self._rest) > self._bounds.record_bytes:
            if not self._skipping:
                rows.append(self._fault(self._line + 1, self._bounds.too_long))
                self._skipping = True
            self._rest = b""
        return rows

    def close(self) -> list[Row]:
        """Read the last line, which may lack its newline; when it is unreadable, it was cut."""
        line, self._rest = self._rest, b""
        if self._skipping or not line.strip():
            return []
        self._line += 1
        row = self._row(line)
        if row.fault is None:
            return [row]
        self.truncated = True
        return [row._replace(fault=CUT)]

    def _row(self, line: bytes) -> Row:
        if len(line) > self._bounds.record_bytes:
            return self._fault(self._line, self._bounds.too_long)
        value, fault = read_json(line, self._bounds)
        self._rank += 1
        return Row(self._rank, self._line, value, fault)

    def _fault(self, line: int, fault: Fault) -> Row:
        self._rank += 1
        return Row(self._rank, line, None, fault)
