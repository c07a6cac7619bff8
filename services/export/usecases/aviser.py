"""Establishes the notices of a day: each reader's, after the one before, with its events.

May be interrupted and run again, and again the same day: what was established is not told twice.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Protocol

from contracts.topics import AVIS
from services.export.domain.avis import Avis, Element, Suite, evenements, suivre
from services.export.domain.avis_faits import destinataires, elements
from services.export.ports import Document
from services.kernel.batches import slices
from services.kernel.clock import Clock, now_as_stored
from services.kernel.events import Event, make_event

_LOT: Final = 100


class Registre(Protocol):
    """The notices as they were established, and what they are made of."""

    def offres(self) -> AsyncIterator[Document]:
        """Yield the offers of which a notice may have something to say."""
        ...

    async def lecteurs(self) -> set[str]:
        """Return those who had a notice."""
        ...

    async def derniers(self, destinataires: Sequence[str]) -> dict[str, Avis]:
        """Return the last notice of each of these readers that had one."""
        ...

    async def version(self, destinataire: str, version: int) -> Avis | None:
        """Return one notice of a reader, None when it is no longer kept."""
        ...

    async def garder(
        self, suites: Sequence[Suite], dits: Sequence[Event], instant: datetime
    ) -> None:
        """Keep notices and have their events published, together or not at all."""
        ...

    async def etabli(self) -> date | None:
        """Return the last day whose notices are all established."""
        ...

    async def oublier(self, instant: datetime) -> None:
        """Forget the notices that are too old to be compared with."""
        ...

    async def noter(self, jour: date, instant: datetime) -> None:
        """Keep that the notices of a day are all established."""
        ...


@dataclass(slots=True)
class Bilan:
    """How many readers were looked at, how many have another notice, how many have news."""

    lecteurs: int = 0
    changes: int = 0
    avises: int = 0
    complet: bool = True


async def etablir(
    registre: Registre,
    jour: date,
    horloge: Clock,
    *,
    delai: int,
    poursuivre: Callable[[], Awaitable[bool]],
) -> Bilan:
    """Establish the notices of `jour`, while `poursuivre` says so."""
    presents = await _rassembler(registre, jour)
    bilan = Bilan()
    lecteurs = sorted(presents.keys() | await registre.lecteurs())
    for lot in slices(lecteurs, _LOT):
        if not await poursuivre():
            bilan.complet = False
            return bilan
        derniers = await registre.derniers(lot)
        suites = [
            suite
            for lecteur in lot
            if (suite := suivre(derniers.get(lecteur), lecteur, presents[lecteur], jour, delai))
        ]
        instant = now_as_stored(horloge)
        await registre.garder(suites, list(_evenements(suites, delai, instant)), instant)
        bilan.lecteurs += len(lot)
        bilan.changes += len(suites)
        bilan.avises += sum(bool(suite.nouvelles) for suite in suites)
    await registre.oublier(now_as_stored(horloge))
    await registre.noter(jour, now_as_stored(horloge))
    return bilan


async def _rassembler(registre: Registre, jour: date) -> defaultdict[str, list[Element]]:
    presents: defaultdict[str, list[Element]] = defaultdict(list)
    async for offre in registre.offres():
        trouves = elements(offre, jour)
        for lecteur, element in destinataires(offre["projection"], trouves):
            presents[lecteur].append(element)
    return presents


def _evenements(suites: Sequence[Suite], delai: int, instant: datetime) -> Iterator[Event]:
    for suite in suites:
        for sequence, data in evenements(suite, delai, instant):
            yield make_event(AVIS, suite.avis.destinataire, sequence, data, instant)
