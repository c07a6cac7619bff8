"""The process that speaks with Parcoursup: it sends, reads back, and says refusals anew."""

import asyncio
from functools import partial
from typing import Final

import httpx

from services.export.adapters.cles import cle_privee
from services.export.adapters.envois import EnvoisMongo
from services.export.adapters.erreurs_parcoursup import ErreursMongo
from services.export.adapters.mongo import BaseMongo, ouvrir
from services.export.adapters.parcoursup import ParcoursupHttp, Signature, client
from services.export.adapters.reglages_parcoursup import ReglagesMongo
from services.export.adapters.regles import JugesMongo
from services.export.adapters.relectures import RelecturesMongo
from services.export.adapters.surveillance import SurveillanceMongo
from services.export.domain.disjoncteur import Seuils
from services.export.metriques import DISJONCTEUR_OUVERT, FILE_ARRETEE, FILE_FERMEE
from services.export.settings import ParcoursupSettings
from services.export.usecases.envoyer import Expediteur, Limites, Moyens, Passe
from services.export.usecases.reclasser import Reclasseur
from services.export.usecases.relire import Relecteur, Rythme
from services.kernel.clock import Clock, SystemClock, jour_metier
from services.kernel.health import Health, health_app
from services.kernel.ids import UlidIds
from services.kernel.logs import logger
from services.kernel.process import pause, serve_app, stop_event, waited_out

_LOT: Final = 100
_PAUSE_S: Final = 1.0  # when our own servers do not answer


async def main() -> None:
    """Send and read back until told to stop."""
    settings = ParcoursupSettings()
    stop = stop_event()
    async with ouvrir(settings) as base, client(settings) as http, asyncio.TaskGroup() as taches:
        sante = Health()
        sante.require("mongo", base.repondre)
        taches.create_task(serve_app(health_app(sante), settings, stop))
        ici = moyens(settings, base, http, SystemClock())
        await _tourner(
            Expediteur(ici, limites(settings)),
            Relecteur(ici, RelecturesMongo(base), rythme(settings)),
            Reclasseur(ici.erreurs, ErreursMongo(base), base, ici.juges, ici.horloge),
            settings,
            stop,
        )


def moyens(
    settings: ParcoursupSettings, base: BaseMongo, http: httpx.AsyncClient, horloge: Clock
) -> Moyens:
    """Return the adapters that sender and reader work with."""
    return Moyens(
        base=base,
        juges=JugesMongo(base, settings, partial(jour_metier, settings, horloge)),
        envois=EnvoisMongo(base),
        surveillance=SurveillanceMongo(base),
        reglages=ReglagesMongo(base, settings),
        erreurs=ErreursMongo(base),
        plateforme=ParcoursupHttp(http, Signature(cle_privee(settings), settings, horloge)),
        horloge=horloge,
        ids=UlidIds(horloge),
    )


def limites(settings: ParcoursupSettings) -> Limites:
    """Return the limits that the settings set."""
    return Limites(
        lot=_LOT,
        seuils=Seuils(
            settings.parcoursup_pannes,
            settings.parcoursup_reprise_min_s,
            settings.parcoursup_reprise_max_s,
        ),
        delai_s=settings.parcoursup_delai_s,
    )


def rythme(settings: ParcoursupSettings) -> Rythme:
    """Return how often the read-back is asked for."""
    return Rythme(settings.parcoursup_relecture_reprise_s, settings.parcoursup_inconnu_s)


async def _tourner(
    expediteur: Expediteur,
    relecteur: Relecteur,
    reclasseur: Reclasseur,
    settings: ParcoursupSettings,
    stop: asyncio.Event,
) -> None:
    while not stop.is_set():
        passe = await _passer(expediteur, relecteur, stop)
        with waited_out("reclassement_interrompu"):
            if reclassees := await reclasseur.passer():
                logger.info("reclassement", offres=reclassees)
        FILE_ARRETEE.set(passe.arretee)
        FILE_FERMEE.set(passe.ferme is not None)
        DISJONCTEUR_OUVERT.set(passe.indisponible)
        if passe.envoyees == _LOT:
            continue
        attente = settings.parcoursup_attente_s
        if passe.ferme is not None:
            attente = settings.parcoursup_attente_fermee_s
        # Requests of a read-back are looked for however long the platform is away.
        repos = min(passe.pause_s, settings.parcoursup_attente_fermee_s)
        await pause(stop, max(repos, attente))


async def _passer(expediteur: Expediteur, relecteur: Relecteur, stop: asyncio.Event) -> Passe:
    with waited_out("envoi_parcoursup_interrompu"):
        await relecteur.passer()
        return await expediteur.passer(lambda: not stop.is_set())
    return Passe(pause_s=_PAUSE_S)
