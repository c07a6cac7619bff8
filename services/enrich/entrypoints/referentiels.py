"""Reference tables over HTTP."""

from fastapi import APIRouter, Depends

from services.enrich.domain.versions import Version
from services.enrich.entrypoints.moyens import UsesMoyens
from services.enrich.entrypoints.reponses import Referentiels, TableReferentiel
from services.kernel.auth import public
from services.kernel.clock import Clock
from services.kernel.problem import Unavailable

router = APIRouter(prefix="/v1/referentiels", tags=["référentiels"])


@router.get(
    "",
    dependencies=[Depends(public)],
    summary="Version des référentiels en vigueur",
)
async def referentiels(moyens: UsesMoyens) -> Referentiels:
    """Return the active version: its tables, their rows, its age."""
    versions = await moyens.referentiels.lister()
    active = next((version for version in versions if version.active), None)
    if active is None:
        raise Unavailable("Aucun référentiel n'est encore en vigueur.", retry_after=30)
    return _referentiels(active, moyens.clock)


def _referentiels(version: Version, clock: Clock) -> Referentiels:
    return Referentiels(
        version=version.id,
        chargee_le=version.chargee_le,
        activee_le=version.activee_le,
        age_jours=(clock.now() - version.chargee_le).days,
        tables=[
            TableReferentiel(
                table=bilan.table,
                libelle=bilan.libelle,
                fichier=bilan.fichier,
                lues=bilan.lues,
                gardees=bilan.gardees,
                refusees=bilan.refusees,
            )
            for bilan in version.tables
        ],
    )
