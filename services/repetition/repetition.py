"""One rehearsal from its copy to its report; what it made is dropped whatever happens."""

import secrets
from pathlib import Path
from typing import Any

from services.export.settings import ExportSettings
from services.repetition.actes import actes
from services.repetition.copie import copier, nettoyer, supprimer, tenue
from services.repetition.marche import jouer
from services.repetition.plan import Plan
from services.repetition.plateau import ouvrir_plateau
from services.repetition.rapport import rapporter

Document = dict[str, Any]


async def repeter(reel: ExportSettings, plan: Plan, dossier: Path) -> Document:
    """Copy the state of `reel`, play `plan` on the copy, return the report, drop the copy.

    What earlier rehearsals left when they were interrupted is dropped first.
    """
    await nettoyer(reel)
    identifiant = secrets.token_hex(4)
    try:
        async with tenue(reel, identifiant):
            await preparer_copie(reel, identifiant, plan, dossier)
            return await continuer(reel, identifiant, plan, dossier)
    finally:
        await supprimer(reel, identifiant)


async def preparer_copie(reel: ExportSettings, identifiant: str, plan: Plan, dossier: Path) -> int:
    """Make the copy; return how many documents it has."""
    async with ouvrir_plateau(reel, identifiant, plan, dossier) as plateau:
        return await copier(reel, plateau.settings)


async def continuer(reel: ExportSettings, identifiant: str, plan: Plan, dossier: Path) -> Document:
    """Play what is left of a plan on a copy that is there; return the report."""
    async with ouvrir_plateau(reel, identifiant, plan, dossier) as plateau:
        faits = await jouer(plateau, actes(plan))
        return await rapporter(plateau, identifiant, faits)
