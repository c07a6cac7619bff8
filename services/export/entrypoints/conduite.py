"""The task that carries operations on all offers out, and settles successions rules let in."""

import asyncio

from services.export.adapters.mongo import BaseMongo
from services.export.adapters.operations import OperationsMongo
from services.export.adapters.successions import SuccessionsMongo
from services.export.ports import Juges
from services.export.settings import ExportSettings
from services.export.usecases.operations import mener
from services.export.usecases.succeder import succeder_parmi
from services.kernel.clock import Clock
from services.kernel.lease import Lease
from services.kernel.logs import logger
from services.kernel.process import pause, waited_out


async def conduire(
    stop: asyncio.Event, base: BaseMongo, settings: ExportSettings, juges: Juges, horloge: Clock
) -> None:
    """Go on with what was asked for, one process at a time; a fault is waited out.

    A succession that waited for rules, a campaign or a day is looked at when one of them moved.
    """
    bail = Lease(base.base, "operations", settings.reevaluation_bail_s)
    operations, successions = OperationsMongo(base), SuccessionsMongo(base)
    await operations.preparer()
    faite: str | None = None

    async def poursuivre() -> bool:
        return not stop.is_set() and await bail.hold()

    while not stop.is_set():
        with waited_out("operation_interrompue"):
            if await poursuivre():
                for operation in await operations.en_cours():
                    nom = operation["_id"]
                    lot = settings.operation_lot
                    if await mener(nom, operations, juges, horloge, lot=lot, poursuivre=poursuivre):
                        logger.info("operation_terminee", operation=nom)
                marque = (await juges.courant()).marque
                if marque != faite:
                    async for ids in successions.en_suspens(settings.operation_lot):
                        await succeder_parmi(ids, base, juges, horloge)
                    faite = marque
        await pause(stop, settings.reevaluation_attente_s)
    await bail.release()
