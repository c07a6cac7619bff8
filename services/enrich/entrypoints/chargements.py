"""Loading reference tables, as the command and the API both do it."""

import asyncio
from pathlib import Path

from services.enrich.adapters.referentiels import MongoReferences
from services.enrich.adapters.source import lire_source
from services.enrich.domain.admission import FICHIER, ChargementRefuse, Motif, Seuils
from services.enrich.domain.chargement.modele import FichierRefuse
from services.enrich.domain.fraicheur import Alarmes
from services.enrich.settings import EnrichSettings
from services.enrich.usecases.charger_references import (
    Chargement,
    Demande,
    Regles,
    charger,
    refuser,
)
from services.kernel.clock import Clock, jour_metier
from services.kernel.ids import UlidIds


def regles(settings: EnrichSettings, clock: Clock) -> Regles:
    """Return what loads are judged by."""
    seuils = Seuils(settings.references_baisse_max, settings.references_nouvelles_max)
    return Regles(seuils, clock, UlidIds(clock), lambda: jour_metier(settings, clock))


def alarmes(settings: EnrichSettings) -> Alarmes:
    """Return the ages beyond which tables are out of date."""
    return Alarmes(settings.references_age_max_jours, settings.references_ages_max_jours)


async def charger_un_chemin(
    chemin: Path,
    table: str | None,
    demande: Demande,
    referentiels: MongoReferences,
    avec: Regles,
) -> Chargement:
    """Load a file, an archive or a directory; a file that cannot be read is a refusal as well.

    Raises what `charger` raises.
    """
    try:
        lues = await asyncio.to_thread(lire_source, chemin, table)
    except FichierRefuse as erreur:
        motif = Motif(FICHIER, table, str(erreur))
        raise ChargementRefuse(await refuser([motif], demande, referentiels, avec)) from erreur
    return await charger(lues, demande, referentiels, avec)
