"""Recent records of several partitions, kept in memory within a number of bytes."""

from bisect import bisect_left
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from services.export.domain.curseur import Place

_COMPACTAGE: Final = 4_096


@dataclass(frozen=True, slots=True)
class Lu:
    """A record of the log: its offset, and its value as read."""

    offset: int
    valeur: bytes


@dataclass(slots=True)
class _Suite:
    """The records kept of one partition; those before `tete` are gone."""

    debut: int
    fin: int
    offsets: list[int] = field(default_factory=list)
    records: list[Lu | None] = field(default_factory=list)
    tete: int = 0


class Tampon:
    """Holds what was read since it was opened; the oldest to arrive leaves first."""

    def __init__(self, fins: dict[Place, int], octets_max: int) -> None:
        """Start empty at these offsets."""
        self._suites = {place: _Suite(fin, fin) for place, fin in fins.items()}
        self._arrivees: deque[Place] = deque()
        self._octets = 0
        self._octets_max = octets_max

    def fin(self, place: Place) -> int:
        """Return the offset from which nothing is known yet."""
        return self._suites[place].fin

    def debut(self, place: Place) -> int:
        """Return the first offset from which everything up to `fin` is here."""
        return self._suites[place].debut

    @property
    def fins(self) -> dict[Place, int]:
        """Return the end of each partition."""
        return {place: suite.fin for place, suite in self._suites.items()}

    def ajouter(self, place: Place, records: Iterable[Lu], fin: int) -> None:
        """Take records in the order of the log; everything before `fin` has now been seen."""
        suite = self._suites[place]
        for record in records:
            suite.offsets.append(record.offset)
            suite.records.append(record)
            self._arrivees.append(place)
            self._octets += len(record.valeur)
        suite.fin = max(suite.fin, fin)
        while self._octets > self._octets_max:
            self._oublier(self._suites[self._arrivees.popleft()])

    def lire(self, place: Place, depuis: int, limite: int) -> tuple[list[Lu], int]:
        """Return at most `limite` records from an offset not before `debut`, and where to go on."""
        suite = self._suites[place]
        rang = bisect_left(suite.offsets, depuis, suite.tete)
        pris = [record for record in suite.records[rang : rang + limite] if record is not None]
        if rang + limite >= len(suite.records):
            return pris, max(depuis, suite.fin)
        return pris, pris[-1].offset + 1

    def _oublier(self, suite: _Suite) -> None:
        parti = suite.records[suite.tete]
        if parti is None:
            raise RuntimeError("le tampon a perdu le compte de ses enregistrements")
        suite.records[suite.tete] = None
        suite.tete += 1
        suite.debut = parti.offset + 1
        self._octets -= len(parti.valeur)
        if suite.tete >= _COMPACTAGE:
            del suite.records[: suite.tete], suite.offsets[: suite.tete]
            suite.tete = 0
