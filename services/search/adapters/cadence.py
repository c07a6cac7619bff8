"""How often writes become visible: rarely in a bulk load, at once otherwise.

A refresh each second costs Elasticsearch three times the work of a bulk load (measured). The
interval goes up with a large batch and down as soon as none came for a while.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from time import monotonic

from elastic_transport import TransportError
from elasticsearch import ApiError, NotFoundError

from services.kernel.logs import logger
from services.kernel.transient import is_transient
from services.search.adapters.administration import Administration
from services.search.settings import SearchSettings


class Cadence:
    """The refresh interval of the indexes being written by this process."""

    def __init__(self, administration: Administration, settings: SearchSettings) -> None:
        """Start with nothing known: the first look sets the quiet interval."""
        self._administration = administration
        self._settings = settings
        self._de_masse: set[str] = set()
        self._en_cours = 0
        self._dernier = 0.0

    @asynccontextmanager
    async def lot(self, nombre: int, cibles: Sequence[str]) -> AsyncIterator[None]:
        """Hold the interval of a bulk load while a batch is written, if it is a large one."""
        if nombre < self._settings.index_lot_de_masse:
            yield
            return
        self._en_cours += 1
        try:
            for cible in set(cibles) - self._de_masse:
                await self._administration.intervalle(
                    cible, self._settings.index_rafraichissement_de_masse
                )
                self._de_masse.add(cible)
            yield
        finally:
            self._en_cours -= 1
            self._dernier = monotonic()

    async def veiller(self, stop: asyncio.Event) -> None:
        """Bring the quiet interval back after each bulk load, and at the end; until `stop`.

        At the start too: a process that was killed during a load left its interval behind.
        """
        orphelins = True
        while not stop.is_set():
            if orphelins:
                orphelins = not await self._au_calme(self._administration.versions)
            try:
                await asyncio.wait_for(stop.wait(), self._settings.index_calme_s / 4)
            except TimeoutError:
                if self._en_cours or monotonic() - self._dernier < self._settings.index_calme_s:
                    continue
            await self._au_calme(self._accelerees)

    async def _accelerees(self) -> Sequence[str]:
        return sorted(self._de_masse)

    async def _au_calme(self, lesquelles: Callable[[], Awaitable[Sequence[str]]]) -> bool:
        """Return whether it could be done; what could not is tried again at the next look."""
        try:
            for cible in await lesquelles():
                await self._administration.intervalle(cible, self._settings.index_rafraichissement)
                await self._administration.rafraichir(cible)
                self._de_masse.discard(cible)
        except NotFoundError:
            self._de_masse.clear()  # a version that a rebuild removed meanwhile
        except (TransportError, ApiError) as faute:
            if not is_transient(faute):
                raise
            logger.warning("rafraichissement_impossible", erreur=repr(faute))
            return False
        return True
