"""The task that counts each day once, beside the consumer of formations."""

import asyncio
from typing import Final

from services.export.adapters.compteurs import CompteursMongo
from services.export.adapters.mongo import BaseMongo
from services.export.adapters.reevaluations import ReevaluationsMongo
from services.export.ports import Juges
from services.export.settings import ExportSettings
from services.export.usecases.compter import compter_le_jour
from services.kernel.clock import Clock, jour_metier
from services.kernel.lease import Lease
from services.kernel.logs import logger
from services.kernel.process import pause, waited_out

_BAIL_S: Final = 60.0


async def compter_chaque_jour(
    stop: asyncio.Event, base: BaseMongo, settings: ExportSettings, juges: Juges, horloge: Clock
) -> None:
    """Count a day that is not counted yet, one process at a time; a fault is waited out.

    A day is counted once its offers are judged under it. The first look comes after a while:
    counting does not compete with the start, nor with the first deposit of an installation.
    """
    bail = Lease(base.base, "compteurs", _BAIL_S)
    compteurs = CompteursMongo(base)
    while True:
        await pause(stop, settings.compteurs_attente_s)
        if stop.is_set():
            return
        with waited_out("compteurs_interrompus"):
            jour = jour_metier(settings, horloge)
            if (
                await bail.hold()
                and not await compteurs.comptes(jour)
                and await _jugees(base, juges)
            ):
                nombre = await compter_le_jour(jour, compteurs, horloge)
                logger.info("compteurs", jour=jour.isoformat(), comptes=nombre)


async def _jugees(base: BaseMongo, juges: Juges) -> bool:
    balayage = await ReevaluationsMongo(base).balayage()
    marque = (await juges.courant()).marque
    return balayage is not None and balayage.complet and balayage.vise.marque == marque
