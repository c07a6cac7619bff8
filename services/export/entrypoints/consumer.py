"""The consumer of formations; beside, the relay, the sweep of stale judgements, the notices."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Final

from contracts.topics import FORMATIONS
from services.export.adapters.mongo import BaseMongo, ouvrir
from services.export.adapters.operations import OperationsMongo
from services.export.adapters.reevaluations import ReevaluationsMongo
from services.export.adapters.regles import JugesMongo
from services.export.entrypoints.avisage import aviser
from services.export.entrypoints.comptage import compter_chaque_jour
from services.export.entrypoints.conduite import conduire
from services.export.ports import Juges
from services.export.settings import SERVICE, ConsumerSettings, ExportSettings
from services.export.usecases.projeter import appliquer
from services.export.usecases.reevaluer import reprendre
from services.kernel.clock import Clock, SystemClock, jour_metier
from services.kernel.consumer import Background, Parked, decode, run_consumer
from services.kernel.events import Record
from services.kernel.lease import Lease
from services.kernel.logs import logger
from services.kernel.process import pause, waited_out
from services.kernel.relay import Relay

VEILLE_S: Final = 180.0
_REQUIS: Final = {"id": str, "sequence": int, "empreinte": str, "etat": str, "formation": dict}


class Formations:
    """Handles records of `formations`: see `usecases.projeter.appliquer`."""

    def __init__(self, base: BaseMongo, juges: Juges, horloge: Clock) -> None:
        """Apply to `base` what `juges` says."""
        self._base = base
        self._juges = juges
        self._horloge = horloge

    async def handle(self, records: Sequence[Record]) -> Sequence[Parked]:
        """Apply the batch; what is no state of a formation is parked."""
        lus, ecartes = decode(records)
        lot = []
        for record, data in lus:
            fautifs = [
                nom for nom, type_ in _REQUIS.items() if not isinstance(data.get(nom), type_)
            ]
            if fautifs:
                raison = f"Ce n'est pas l'état d'une formation ({', '.join(fautifs)})."
                ecartes.append(Parked(record, "formation_illisible", raison))
            else:
                lot.append(data)
        if lot:
            await appliquer(lot, self._base, self._juges, self._horloge)
        return ecartes


async def balayer(
    stop: asyncio.Event, base: BaseMongo, settings: ExportSettings, juges: Juges, horloge: Clock
) -> None:
    """Judge again, whenever rules, campaign or day have changed, what was judged before.

    One process at a time does it; a fault is waited out and the sweep taken up again.
    """
    bail = Lease(base.base, "reevaluation", settings.reevaluation_bail_s)
    reevaluations, operations = ReevaluationsMongo(base), OperationsMongo(base)
    boucle = asyncio.get_running_loop()
    faite: str | None = None
    veille = 0.0

    async def poursuivre() -> bool:
        # The start of a campaign judges what it carries over: it goes first.
        return not stop.is_set() and await bail.hold() and not await operations.en_cours()

    while not stop.is_set():
        with waited_out("reevaluation_interrompue"):
            marque = (await juges.courant()).marque
            if (marque != faite or boucle.time() < veille) and await poursuivre():
                bilan = await reprendre(
                    reevaluations,
                    base,
                    juges,
                    horloge,
                    lot=settings.reevaluation_lot,
                    poursuivre=poursuivre,
                )
                if bilan.vues:
                    logger.info("reevaluation", vues=bilan.vues, changees=bilan.changees)
                if bilan.complet and marque != faite:
                    faite = marque
                    # What a transaction begun before still writes is to be judged as well.
                    veille = boucle.time() + VEILLE_S
        await pause(stop, settings.reevaluation_attente_s)


async def main() -> None:
    """Consume until told to stop."""
    settings = ConsumerSettings()
    horloge = SystemClock()
    async with ouvrir(settings) as base:
        juges = JugesMongo(base, settings, partial(jour_metier, settings, horloge))
        taches: list[Background] = [
            partial(balayer, base=base, settings=settings, juges=juges, horloge=horloge),
            partial(conduire, base=base, settings=settings, juges=juges, horloge=horloge),
            partial(
                compter_chaque_jour, base=base, settings=settings, juges=juges, horloge=horloge
            ),
            partial(aviser, base=base, settings=settings, horloge=horloge),
        ]
        if settings.relais_integre:
            taches.append(Relay(base.outbox, settings, SERVICE).run)
        await run_consumer(
            settings,
            SERVICE,
            [FORMATIONS],
            Formations(base, juges, horloge),
            background=taches,
            checks={"mongo": base.repondre},
        )
