"""A new index from the topics while writes go on, then the swap (reliability.md §4).

1. The next version is created *behind the write alias*: from its next batch on, the indexer writes
   to both, as it looks the alias up after fetching each batch.
2. Only then the ends of the topics are recorded. A batch fetched before step 1 lies before those
   ends, one fetched after is written to both: nothing falls between.
3. The topics are read from the earliest record to those ends into the new version. It is written
   by the same merge as the indexer's, so both may write one document in any order.
4. The gate: read *after* the present version, the new one must hold every document of it, no part
   older, equal parts with equal digests. Differences are looked at again until they are gone.
5. The read alias moves in one step; the old version is removed.

Killed at any point before 5, the present version serves on and the next run removes what was left;
killed within 5, both are complete. A failed build is removed by itself.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from services.kernel.events import Record
from services.search.ports import Empreintes, Index
from services.search.usecases.indexer import Pause, appliquer
from services.search.usecases.lire_evenements import lire_evenements

_MONTREES: Final = 20


class Versions(Protocol):
    """Indexes as things to make, swap and remove."""

    async def lus(self) -> Sequence[str]:
        """Return the indexes behind the read alias."""
        ...

    async def versions(self) -> Sequence[str]:
        """Return all versions, oldest first."""
        ...

    async def creer_la_suivante(self) -> str:
        """Make the next version, behind the write alias only."""
        ...

    async def permuter(self, nouvelle: str) -> None:
        """Move the read alias to a version, in one step."""
        ...

    async def retirer(self, index: str) -> None:
        """Remove a version."""
        ...


class Sujets(Protocol):
    """The topics read as a whole."""

    async def ouvrir(self) -> Mapping[tuple[str, int], int]:
        """Record and return where the topics end now."""
        ...

    def lots(self) -> AsyncIterator[list[Record]]:
        """Yield every record up to those ends."""
        ...


Empreinter = Callable[[str], AsyncIterator[list[Empreintes]]]
Suivi = Callable[[int, int], None]
"""Called with records read so far and the number of offsets to read."""


class EcartsPersistants(RuntimeError):
    """The new index does not hold what the present one does; nothing was swapped."""

    def __init__(self, ids: Sequence[str]) -> None:
        """Name some of the documents that differ."""
        montres = ", ".join(ids[:_MONTREES])
        super().__init__(f"{len(ids)} documents diffèrent de l'index en service : {montres}")
        self.ids = ids


@dataclass(frozen=True, slots=True)
class Reconstruction:
    """What a rebuild did."""

    index: str
    lus: int
    ecartes: int
    documents: int
    retires: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outils:
    """What a rebuild works with."""

    versions: Versions
    sujets: Sujets
    index: Index
    empreintes: Empreinter
    tentatives: int
    pause: Pause
    avant_la_porte: Callable[[], Awaitable[bool]]
    """Waits before another look at the gate; False when its time is over."""


async def reconstruire(outils: Outils, suivi: Suivi = lambda _lus, _total: None) -> Reconstruction:
    """Build, compare, swap; raises `EcartsPersistants` when the gate stays shut.

    The caller holds the lock. Whatever is raised, the new index is removed and the present one
    serves on.
    """
    for reste in await _non_lus(outils.versions):
        await outils.versions.retirer(reste)
    nouvelle = await outils.versions.creer_la_suivante()
    try:
        lus, ecartes = await _remplir(outils, nouvelle, suivi)
        documents = await _porte(outils, nouvelle)
        await outils.versions.permuter(nouvelle)
    except BaseException:
        if nouvelle not in await outils.versions.lus():
            await outils.versions.retirer(nouvelle)
        raise
    anciennes = await _non_lus(outils.versions)
    for ancienne in anciennes:
        await outils.versions.retirer(ancienne)
    return Reconstruction(nouvelle, lus, ecartes, documents, anciennes)


async def _non_lus(versions: Versions) -> list[str]:
    lus = await versions.lus()
    return [version for version in await versions.versions() if version not in lus]


async def _remplir(outils: Outils, cible: str, suivi: Suivi) -> tuple[int, int]:
    fins = await outils.sujets.ouvrir()
    total, lus, ecartes = sum(fins.values()), 0, 0
    async for lot in outils.sujets.lots():
        recus, mauvais = lire_evenements(lot)
        bilan = await appliquer(
            [recu.etat for recu in recus],
            outils.index,
            cible,
            tentatives=outils.tentatives,
            pause=outils.pause,
        )
        lus += len(lot)
        ecartes += len(mauvais) + len(bilan.refus)
        suivi(lus, total)
    return lus, ecartes


async def _porte(outils: Outils, nouvelle: str) -> int:
    """Return the number of documents once the new version holds all that is in service."""
    while True:
        attendues: dict[str, Empreintes] = {}
        for index in await outils.versions.lus():
            attendues |= await _tout(outils.empreintes(index))
        presentes = await _tout(outils.empreintes(nouvelle))
        ecarts = [id_ for id_, voulu in attendues.items() if not _tient(presentes.get(id_), voulu)]
        if not ecarts:
            return len(presentes)
        if not await outils.avant_la_porte():
            raise EcartsPersistants(sorted(ecarts))


async def _tout(pages: AsyncIterator[list[Empreintes]]) -> dict[str, Empreintes]:
    return {empreintes.id: empreintes async for page in pages for empreintes in page}


def _tient(present: Empreintes | None, voulu: Empreintes) -> bool:
    if present is None:
        return False
    return _partie_tient(
        (present.formation_sequence, present.formation_empreinte),
        (voulu.formation_sequence, voulu.formation_empreinte),
    ) and _partie_tient(
        (present.publications_sequence, present.publications_empreinte),
        (voulu.publications_sequence, voulu.publications_empreinte),
    )


def _partie_tient(
    presente: tuple[int | None, str | None], voulue: tuple[int | None, str | None]
) -> bool:
    if voulue[0] is None or presente == voulue:
        return True
    return presente[0] is not None and presente[0] > voulue[0]
