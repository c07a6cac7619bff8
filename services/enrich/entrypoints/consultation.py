"""What the catalogue knows of a code, over HTTP."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel

from services.enrich.domain.consultation import consulter
from services.enrich.entrypoints.moyens import UsesMoyens
from services.kernel.auth import public
from services.kernel.problem import NotFound

router = APIRouter(prefix="/v1/referentiels", tags=["référentiels"])

NomDeTable = Literal["cfd", "rncp", "siret", "uai", "communes", "codes_postaux", "rome"]


class Consultation(BaseModel):
    """What a table says of a code, in the version and on the day that the catalogue works with."""

    table: NomDeTable
    code: str
    version: str
    jour: str
    connu: dict[str, Any]


@router.get(
    "/{table}/{code}",
    dependencies=[Depends(public)],
    summary="Ce que l'on sait d'un CFD, d'un RNCP, d'un UAI, d'un SIRET, d'une commune…",
)
async def consulter_(
    table: NomDeTable, code: Annotated[str, Path(max_length=64)], moyens: UsesMoyens
) -> Consultation:
    """Donne la ligne de la table et ce à quoi elle mène : successeurs, fiches, MEF, communes."""
    enrichisseur = moyens.actif.enrichisseur()
    connu = consulter(table, code, enrichisseur.references, enrichisseur.jour)
    if connu is None:
        raise NotFound(
            f"« {code} » ne figure pas dans la table « {table} » en vigueur.", code="code_inconnu"
        )
    return Consultation(
        table=table,
        code=code,
        version=enrichisseur.references.version,
        jour=enrichisseur.jour.isoformat(),
        connu=connu,
    )
