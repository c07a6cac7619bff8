"""Formations over HTTP: how they changed."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from services.enrich.entrypoints.moyens import UsesMoyens, lecture
from services.enrich.entrypoints.reponses import EntreeHistorique, Historique
from services.kernel.problem import NotFound

router = APIRouter(prefix="/v1/formations", tags=["formations"], dependencies=[lecture])


@router.get(
    "/{identifiant}/historique",
    summary="Changements d'une formation, du plus ancien au plus récent",
)
async def historique(
    identifiant: Annotated[str, Path(max_length=64)],
    moyens: UsesMoyens,
    apres: Annotated[int, Query(ge=0)] = 0,
    limite: Annotated[int | None, Query(ge=1)] = None,
) -> Historique:
    """Return real changes only; the creation is the formation itself."""
    taille = min(limite or moyens.settings.page_defaut, moyens.settings.page_max)
    entrees = await moyens.lecture.historique(identifiant, apres, taille + 1)
    if not entrees and not await moyens.lecture.existe(identifiant):
        raise NotFound("Aucune formation n'a cet identifiant.")
    changements = [EntreeHistorique.model_validate(entree) for entree in entrees[:taille]]
    suite = changements[-1].sequence if len(entrees) > taille else None
    return Historique(formation=identifiant, changements=changements, suite=suite)
