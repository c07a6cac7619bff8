"""The background work of the notices: a day's are established once, then their mails leave."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import timedelta

from services.export.adapters.abonnements import AbonnementsMongo
from services.export.adapters.avis import AvisMongo
from services.export.adapters.courriels import CourrielsSmtp
from services.export.adapters.mongo import BaseMongo
from services.export.domain.abonnements import Rythme
from services.export.settings import ExportSettings
from services.export.usecases.aviser import etablir
from services.export.usecases.distribuer import Facteur
from services.kernel.clock import Clock, jour_metier
from services.kernel.french import PARIS
from services.kernel.lease import Lease
from services.kernel.logs import logger
from services.kernel.mail import MailSettings, mailer
from services.kernel.process import pause, waited_out


def registre(base: BaseMongo, settings: ExportSettings) -> AvisMongo:
    """Return the notices of a database."""
    return AvisMongo(base, timedelta(days=settings.avis_gardes_jours))


def rythme(settings: ExportSettings) -> Rythme:
    """Return the delays that the settings set."""
    return Rythme(
        timedelta(hours=settings.abonnement_confirmation_h),
        timedelta(seconds=settings.avis_reprise_min_s),
        timedelta(seconds=settings.avis_reprise_max_s),
    )


def facteur(base: BaseMongo, settings: ExportSettings, horloge: Clock) -> Facteur:
    """Return who takes the mails round, through the server that the environment names."""
    courrier = MailSettings()
    return Facteur(
        AbonnementsMongo(base),
        registre(base, settings),
        CourrielsSmtp(mailer(courrier), courrier, settings, horloge),
        horloge,
        rythme(settings),
        settings.avis_delai_jours,
    )


async def preparer(base: BaseMongo, settings: ExportSettings) -> None:
    """Create the indexes; idempotent."""
    await registre(base, settings).preparer()
    await AbonnementsMongo(base).preparer()


async def aviser(
    stop: asyncio.Event, base: BaseMongo, settings: ExportSettings, horloge: Clock
) -> None:
    """Establish and send, one process at a time; a fault is waited out and the work taken up."""
    avis, bail = registre(base, settings), Lease(base.base, "avis", settings.avis_bail_s)
    await preparer(base, settings)
    postier = facteur(base, settings, horloge) if settings.avis_courriels else None

    async def poursuivre() -> bool:
        return not stop.is_set() and await bail.hold()

    while not stop.is_set():
        with waited_out("avis_interrompus"):
            if await poursuivre():
                await _passer(avis, postier, settings, horloge, poursuivre)
        await pause(stop, settings.avis_attente_s)
    await bail.release()


async def _passer(
    avis: AvisMongo,
    postier: Facteur | None,
    settings: ExportSettings,
    horloge: Clock,
    poursuivre: Callable[[], Awaitable[bool]],
) -> None:
    jour = jour_metier(settings, horloge)
    heure = horloge.now().astimezone(PARIS).hour
    if await avis.demandes() or (await avis.etabli() != jour and heure >= settings.avis_heure):
        bilan = await etablir(
            avis,
            jour,
            horloge,
            delai=settings.avis_delai_jours,
            poursuivre=poursuivre,
        )
        logger.info("avis_etablis", jour=jour.isoformat(), **asdict(bilan))
    if postier is not None:
        tournee = await postier.passer(jour, poursuivre)
        if tournee.envoyes:
            logger.info("avis_envoyes", courriels=tournee.envoyes)
        if tournee.interrompue:
            logger.warning("courriels_interrompus")
