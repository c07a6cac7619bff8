"""The one way a batch of records is consumed (design.md §3), apart from how it was fetched.

A batch ends in one of two ways: everything in it is applied or parked, and it may be committed; or
`Uncommitted` is raised, and all of it is offered again.
"""

import asyncio
import random
from collections.abc import Sequence
from typing import Final, Protocol

from services.kernel import telemetry
from services.kernel.errors import Park, Retry
from services.kernel.events import Record
from services.kernel.halves import in_halves
from services.kernel.line import Line
from services.kernel.logs import logger
from services.kernel.parking import Parked
from services.kernel.settings import KernelSettings
from services.kernel.transient import is_transient

_LINE_POLL_S: Final = 1.0
_ALONE: Final = 0.9  # a single record cannot be halved: it gets this share of the poll interval


class Handler(Protocol):
    """A service's part in consuming: what the records mean."""

    async def handle(self, records: Sequence[Record]) -> Sequence[Parked]:
        """Apply `records`, in order; return those that never can be, each with code and reason.

        Must be idempotent: the same records come again after any fault, alone or among others, in
        the same order per key. May be cancelled at any await. Decodes by itself (`decode`) and
        applies only what is newer (`newer_only`).

        Raises:
            Retry, or a driver's transient error: nothing may be committed yet; all come again.
            Anything else: the batch is offered again in halves until the record that causes it
                is alone, which is parked.
        """
        ...


class Shelf(Protocol):
    """Where parked records go: `parking.Parking`."""

    async def publish(self, parked: Sequence[Parked]) -> None:
        """Return once they are safely there; raises `Retry` when they may not be."""
        ...


class Uncommitted(Exception):
    """The batch is given up for now: all of it must be offered again. `cause` is for metrics."""

    def __init__(self, cause: str) -> None:
        """Say why."""
        super().__init__(cause)
        self.cause = cause


class Recipe:
    """Deadline, retries, bisection, parking and the stop of the line around one handler."""

    def __init__(
        self, settings: KernelSettings, group: str, handler: Handler, parking: Shelf, line: Line
    ) -> None:
        """Consume for `group`."""
        self._settings = settings
        self._group = group
        self._handler = handler
        self._parking = parking
        self.line = line
        self.stopping = asyncio.Event()
        self.batch_max = settings.lot_max
        self._failures = 0

    async def process(self, records: Sequence[Record]) -> None:
        """Apply or park every record of the batch, within its deadline.

        The deadline is under half of the poll interval, so that the group never excludes a member
        for being slow. When it expires the next batch is half as large (`batch_max`); a record
        alone gets almost the whole interval.

        Raises:
            Uncommitted: transient faults outlast half the deadline, the deadline itself expired,
                the line is stopped, or the process is stopping.
        """
        loop = asyncio.get_running_loop()
        started = loop.time()
        deadline = self._deadline(len(records))
        try:
            async with asyncio.timeout(deadline) as limit:
                if self.line.stopped:
                    await self._await_resumption(started + deadline / 2)
                await self._attempts(records, started + deadline / 2)
        except TimeoutError as error:
            if not limit.expired():
                raise
            self._halve(len(records), deadline)
            raise Uncommitted("delai") from error
        if loop.time() - started < deadline / 4:
            self.batch_max = min(self.batch_max * 2, self._settings.lot_max)

    async def _attempts(self, records: Sequence[Record], until: float) -> None:
        while True:
            try:
                await self._apply(records)
            except Exception as error:
                if not is_transient(error):
                    raise
                telemetry.TRANSIENT_ATTEMPTS.labels(self._group).inc()
                self._failures += 1
                await self._back_off(error, until)
            else:
                self._failures = 0
                return

    async def _apply(self, records: Sequence[Record]) -> None:
        parked: list[Parked] = []

        async def apply(part: Sequence[Record]) -> None:
            parked.extend(await self._handler.handle(part))

        for record, error in await in_halves(records, apply):
            parked.append(_poison(record, error))
        if not self.line.accepts(records, [item.record for item in parked]):
            raise Uncommitted("ligne_arretee")
        await self._parking.publish(parked)
        for item in parked:
            logger.warning(
                "enregistrement_ecarte",
                groupe=self._group,
                origine=item.record.position,
                code=item.code,
                raison=item.reason,
            )

    async def _back_off(self, error: Exception, until: float) -> None:
        """Pause, longer with each failure in a row; give the batch up when its time is over."""
        pause = min(
            self._settings.reprise_max_s,
            self._settings.reprise_min_s * 2 ** min(self._failures - 1, 16),
        )
        pause = random.uniform(pause / 2, pause)  # noqa: S311 - jitter
        if isinstance(error, Retry) and error.after is not None:
            pause = max(pause, min(error.after, self._settings.reprise_max_s))
        logger.warning(
            "panne_passagere", groupe=self._group, essai=self._failures, erreur=repr(error)
        )
        if await self._stopped_within(pause):
            raise Uncommitted("arret") from error
        if asyncio.get_running_loop().time() >= until:
            raise Uncommitted("panne") from error

    async def _await_resumption(self, until: float) -> None:
        while not await self.line.resumed():
            if await self._stopped_within(_LINE_POLL_S):
                raise Uncommitted("arret")
            if asyncio.get_running_loop().time() >= until:
                raise Uncommitted("ligne_arretee")

    async def _stopped_within(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self.stopping.wait()
        except TimeoutError:
            return False
        return True

    def _deadline(self, size: int) -> float:
        if size == 1:
            return self._settings.scrutation_max_s * _ALONE
        return self._settings.lot_delai_s

    def _halve(self, size: int, deadline: float) -> None:
        self.batch_max = max(1, size // 2)
        telemetry.BATCH_DEADLINE_EXCEEDED.labels(self._group).inc()
        logger.error(
            "lot_trop_lent",
            groupe=self._group,
            taille=size,
            delai_s=deadline,
            prochaine_taille=self.batch_max,
        )


def _poison(record: Record, error: Exception) -> Parked:
    if isinstance(error, Park):
        return Parked(record, error.code, error.reason)
    return Parked(record, "inattendu", f"{type(error).__name__}: {error}"[:1000])
