"""A consumer alone in its process, for tests that kill it and stop it."""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence

from contracts.topics import OFFRES
from services.kernel.consumer import Parked, decode, run_consumer
from services.kernel.events import Record
from services.kernel.logs import setup_logs
from services.kernel.mongo import Database, Store, connect
from services.kernel.parking import Parking
from services.kernel.settings import KernelSettings
from tests.support.consuming import GROUP

PUBLISH = Parking.publish


class Journal:
    """Counts in MongoDB how often it applied each record, slowly enough to be hit."""

    def __init__(self, database: Database) -> None:
        self._applied = database["applique"]

    async def handle(self, records: Sequence[Record]) -> Sequence[Parked]:
        events, parked = decode(records)
        for record, _ in events:
            await self._applied.update_one(
                {"_id": record.position}, {"$inc": {"fois": 1}}, upsert=True
            )
        return parked


async def park_and_die(parking: Parking, parked: Sequence[Parked]) -> None:
    """Die between the parking of a record and the commit of its batch."""
    await PUBLISH(parking, parked)
    if parked:
        os.kill(os.getpid(), signal.SIGKILL)


async def main() -> None:
    """Consume `offres` until told to stop."""
    settings = KernelSettings()
    setup_logs(settings, GROUP, "consommateur")
    if "tue-apres-mise-a-l-ecart" in sys.argv:
        Parking.publish = park_and_die  # type: ignore[method-assign, assignment]
    async with connect(settings) as client:
        await run_consumer(
            settings, GROUP, [OFFRES], Journal(Store(client, settings).database("essai"))
        )


if __name__ == "__main__":
    asyncio.run(main())
