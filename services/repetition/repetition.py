"""One rehearsal from its copy to its report; what it made is dropped whatever happens."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from services.export.settings import ExportSettings
from services.kernel.lease import Lease
from services.repetition.actes import actes
from services.repetition.copie import BAIL, BAIL_S, copier, nettoyer, supprimer
from services.repetition.marche import jouer
from services.repetition.plan import Plan
from services.repetition.plateau import Plateau, ouvrir_plateau
from services.repetition.rapport import rapporter

Document = dict[str, Any]

_RENOUVELER_S = BAIL_S / 4


async def repeter(reel: ExportSettings, plan: Plan, dossier: Path) -> Document:
    """Copy the state of `reel`, play `plan` on the copy, return the report, drop the copy.

    What earlier rehearsals left when they were interrupted is dropped first.
    """
    await nettoyer(reel)
    identifiant = secrets.token_hex(4)
    try:
        await preparer_copie(reel, identifiant, plan, dossier)
        return await continuer(reel, identifiant, plan, dossier)
    finally:
        await supprimer(reel, identifiant)


async def preparer_copie(reel: ExportSettings, identifiant: str, plan: Plan, dossier: Path) -> int:
    """Make the copy; return how many documents it has."""
    async with ouvrir_plateau(reel, identifiant, plan, dossier) as plateau, _tenue(plateau):
        return await copier(reel, plateau.settings)


async def continuer(reel: ExportSettings, identifiant: str, plan: Plan, dossier: Path) -> Document:
    """Play what is left of a plan on a copy that is there; return the report."""
    async with ouvrir_plateau(reel, identifiant, plan, dossier) as plateau, _tenue(plateau):
        faits = await jouer(plateau, actes(plan))
        return await rapporter(plateau, identifiant, faits)


@asynccontextmanager
async def _tenue(plateau: Plateau) -> AsyncIterator[None]:
    """Show, as long as it lasts, that the copy is in use: nobody takes it for a leftover."""
    bail = Lease(plateau.base.base, BAIL, BAIL_S)

    async def tenir() -> None:
        while True:
            await bail.hold()
            await asyncio.sleep(_RENOUVELER_S)

    await bail.hold()
    tache = asyncio.create_task(tenir())
    try:
        yield
    finally:
        tache.cancel()
        await asyncio.gather(tache, return_exceptions=True)
        await bail.release()
