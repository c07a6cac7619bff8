"""The sender to Parcoursup."""

import asyncio
from datetime import datetime, time
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from services.export.adapters.cles import cle_privee
from services.export.adapters.envois import EnvoisMongo
from services.export.adapters.mongo import ouvrir
from services.export.adapters.parcoursup import ParcoursupHttp, Signature, client
from services.export.adapters.regles import JugesMongo
from services.export.metriques import FILE_ARRETEE
from services.export.settings import ParcoursupSettings
from services.export.usecases.envoyer import Expediteur, Limites, Passe
from services.kernel.clock import Clock, SystemClock, jour_metier
from services.kernel.health import Health, health_app
from services.kernel.ids import UlidIds
from services.kernel.logs import logger
from services.kernel.process import pause, serve_app, stop_event
from services.kernel.transient import is_transient

_LOT: Final = 100
_PAUSE_S: Final = 1.0  # when our own servers do not answer
_PARIS: Final = ZoneInfo("Europe/Paris")


async def main() -> None:
    """Send until told to stop."""
    settings = ParcoursupSettings()
    horloge = SystemClock()
    stop = stop_event()
    async with ouvrir(settings) as base, client(settings) as http, asyncio.TaskGroup() as taches:
        sante = Health()
        sante.require("mongo", base.repondre)
        taches.create_task(serve_app(health_app(sante), settings, stop))
        expediteur = Expediteur(
            base,
            JugesMongo(base, settings, partial(jour_metier, settings, horloge)),
            EnvoisMongo(base),
            ParcoursupHttp(http, Signature(cle_privee(settings), settings, horloge)),
            horloge,
            UlidIds(horloge),
            limites(settings),
        )
        if settings.parcoursup_actif:
            await _envoyer(expediteur, settings, horloge, stop)
        else:
            logger.info("envoi_parcoursup_coupe")


def limites(settings: ParcoursupSettings) -> Limites:
    """Return the limits that the settings set."""
    return Limites(
        par_jour=settings.parcoursup_limite,
        lot=_LOT,
        reprise_min_s=settings.parcoursup_reprise_min_s,
        reprise_max_s=settings.parcoursup_reprise_max_s,
        inconnu_s=settings.parcoursup_inconnu_s,
    )


async def _envoyer(
    expediteur: Expediteur, settings: ParcoursupSettings, horloge: Clock, stop: asyncio.Event
) -> None:
    arretee = False
    while not stop.is_set():
        passe = await _passer(expediteur, horloge, stop)
        FILE_ARRETEE.set(passe.arretee)
        if passe.arretee and not arretee:
            logger.error("file_parcoursup_arretee")
        arretee = passe.arretee
        if passe.envoyees == _LOT:
            continue
        await pause(stop, max(passe.pause_s, settings.parcoursup_attente_s))


async def _passer(expediteur: Expediteur, horloge: Clock, stop: asyncio.Event) -> Passe:
    try:
        return await expediteur.passer(_debut_du_jour(horloge.now()), lambda: not stop.is_set())
    except Exception as erreur:
        if not is_transient(erreur):
            raise
        logger.warning("envoi_parcoursup_interrompu", erreur=repr(erreur))
        return Passe(pause_s=_PAUSE_S)


def _debut_du_jour(instant: datetime) -> datetime:
    return datetime.combine(instant.astimezone(_PARIS).date(), time(), _PARIS)
