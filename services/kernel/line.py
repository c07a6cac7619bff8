"""The line stops when most of what arrives is bad: that is a broken producer, not bad records.

Nothing is then parked nor committed until an operator resumes it (`catalogue rebuts reprendre`),
which tolerates what was already in the topics at that moment: it is parked, and the watch goes on
for what comes after. A restart after a mend needs no order: the records are good again.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import PyMongoError

from services.kernel import telemetry
from services.kernel.events import Record
from services.kernel.logs import logger
from services.kernel.mongo import Client, Document, Store, connect
from services.kernel.settings import KernelSettings

DATABASE: Final = "acces"
COLLECTION: Final = "reprises"

Offsets = Mapping[str, Mapping[str, int]]


def reprises(client: Client, settings: KernelSettings) -> AsyncCollection[Document]:
    """Return where an operator's orders to go on are kept: a document per group."""
    return Store(client, settings).database(DATABASE)[COLLECTION]


class Line:
    """Judges each batch before anything of it is parked or committed."""

    def __init__(self, settings: KernelSettings, group: str) -> None:
        """Watch over one consumer of `group`."""
        self._settings = settings
        self._group = group
        self._window: deque[bool] = deque(maxlen=settings.rebuts_fenetre)
        self._until: Offsets = {}
        self._client: Client | None = None
        self.stopped = False
        telemetry.LINE_STOPPED.labels(group).set(0)

    def accepts(self, records: Sequence[Record], bad: Iterable[Record]) -> bool:
        """Tell whether the batch may go on; if not, the line is stopped and the alarm given.

        Considered are its records, with those committed before it when it has fewer than the
        window. At most half of them may be bad.
        """
        counted = {record.position for record in bad if not self._tolerated(record)}
        verdicts = [record.position in counted for record in records]
        missing = max(0, self._settings.rebuts_fenetre - len(verdicts))
        considered = [*list(self._window)[len(self._window) - missing :], *verdicts]
        share = sum(considered) / max(1, len(considered))
        enough = len(considered) >= self._settings.rebuts_fenetre
        if enough and share > self._settings.rebuts_part_max:
            self._stop(share, len(considered))
            return False
        self._window.extend(verdicts)
        return True

    async def resumed(self) -> bool:
        """Tell whether an operator has resumed the line since it stopped."""
        if self._client is None:
            self._client = connect(self._settings)
        orders = reprises(self._client, self._settings)
        try:
            found = await orders.find_one({"_id": self._group})
        except PyMongoError as error:
            logger.warning("reprise_illisible", groupe=self._group, erreur=repr(error))
            return False
        if found is None or found["jusqua"] == self._until:
            return False
        self._until = found["jusqua"]
        self._window.clear()
        self.stopped = False
        telemetry.LINE_STOPPED.labels(self._group).set(0)
        logger.info("ligne_reprise", groupe=self._group)
        return True

    async def close(self) -> None:
        """Disconnect; idempotent."""
        if self._client is not None:
            await self._client.close()
            self._client = None

    def _tolerated(self, record: Record) -> bool:
        ends = self._until.get(record.topic, {})
        return record.offset < ends.get(str(record.partition), 0)

    def _stop(self, share: float, among: int) -> None:
        self.stopped = True
        telemetry.LINE_STOPPED.labels(self._group).set(1)
        logger.error(
            "ligne_arretee",
            groupe=self._group,
            part_invalide=round(share, 3),
            parmi=among,
            que_faire="corriger le producteur, ou `catalogue rebuts reprendre`",
        )
