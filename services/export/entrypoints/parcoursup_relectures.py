"""Routes of the read-back: ask for one, see what became of each and what it changed."""

from collections.abc import AsyncIterator
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query
from starlette.responses import StreamingResponse

from contracts.portees import Role
from services.export.adapters.relectures import RelecturesMongo
from services.export.entrypoints.modeles_parcoursup import RelectureDemandee
from services.export.entrypoints.serveur import Ici, Serveur
from services.export.usecases.relire import demande_de_relecture
from services.kernel.auth import Identity, require
from services.kernel.clock import now_as_stored
from services.kernel.problem import NotFound
from services.kernel.spreadsheet import CSV, attachment, csv_stream

router = APIRouter(prefix="/v1/flux/parcoursup", tags=["Parcoursup"])

Administrateur = Annotated[Identity, Depends(require(Role.ADMINISTRATEUR))]
_COLONNES: Final = (
    "formation",
    "cle",
    "num_academie",
    "depuis",
    "vers",
    "identifiant_avant",
    "identifiant",
    "visible",
)
_ENTETE: Final = ("nature", *_COLONNES, "textes")


@router.post("/relecture", status_code=202, summary="Demander une relecture de Parcoursup")
async def demander(corps: RelectureDemandee, ici: Ici, identite: Administrateur) -> dict[str, Any]:
    """Demande une relecture au processus d'envoi ; son compte rendu dira ce qu'elle a changé."""
    demande = demande_de_relecture(
        ici.ids.new(),
        identite.titulaire,
        "À la demande.",
        now_as_stored(ici.horloge),
        forcer=corps.forcer,
    )
    await RelecturesMongo(ici.base).demander(demande)
    return {"id": demande["_id"], "etat": demande["etat"]}


@router.get("/relectures", summary="Les relectures de Parcoursup")
async def lister(
    ici: Ici, _: Administrateur, limite: Annotated[int, Query(ge=1, le=200)] = 30
) -> list[dict[str, Any]]:
    """Donne les relectures, la dernière d'abord : qui, quand, appliquée ou pourquoi non."""
    return [_en_clair(un) for un in await RelecturesMongo(ici.base).lister(limite)]


@router.get("/relectures/{id}", summary="Une relecture et ce qu'elle a changé")
async def une(
    id: str,  # noqa: A002 - the name that addresses show
    ici: Ici,
    _: Administrateur,
    limite: Annotated[int, Query(ge=0, le=5_000)] = 500,
) -> dict[str, Any]:
    """Donne le compte rendu et les premiers changements, lignes sans offre, textes inconnus."""
    relecture = await _trouver(ici, id)
    changements: list[dict[str, Any]] = []
    async for lot in RelecturesMongo(ici.base).lots(id):
        changements += lot["changements"][: limite - len(changements)]
        if len(changements) >= limite:
            break
    for nom in ("sans_offre", "inconnues", "resolues"):
        relecture[nom] = (relecture.get(nom) or [])[:limite]
    return {**_en_clair(relecture), "changements": changements}


@router.get(
    "/relectures/{id}/rapport.csv",
    summary="Le compte rendu entier d'une relecture",
    response_class=StreamingResponse,
)
async def rapport(
    id: str,  # noqa: A002 - the name that addresses show
    ici: Ici,
    _: Administrateur,
) -> StreamingResponse:
    """Donne chaque changement, chaque ligne sans offre et chaque texte inconnu."""
    relecture = await _trouver(ici, id)
    lignes = _lignes(relecture, RelecturesMongo(ici.base).lots(id))
    return StreamingResponse(
        csv_stream(_ENTETE, lignes), media_type=CSV, headers=attachment(f"relecture-{id}.csv")
    )


async def _trouver(ici: Serveur, identifiant: str) -> dict[str, Any]:
    relecture = await RelecturesMongo(ici.base).une(identifiant)
    if relecture is None:
        raise NotFound(f"Aucune relecture « {identifiant} ».", code="relecture_inconnue")
    return relecture


async def _lignes(
    relecture: dict[str, Any], lots: AsyncIterator[dict[str, Any]]
) -> AsyncIterator[tuple[object, ...]]:
    async for lot in lots:
        for dit in lot["changements"]:
            etats = " | ".join(dit["etats"])
            yield ("changement", *(dit[colonne] for colonne in _COLONNES), etats)
    for nature, nom in (("sans offre", "sans_offre"), ("texte inconnu", "inconnues")):
        for ligne in relecture.get(nom) or ():
            vides = {"cle": ligne["cle"], "identifiant": ligne["identifiant"]}
            yield (nature, *(vides.get(colonne) for colonne in _COLONNES), ligne["etat"])


def _en_clair(relecture: dict[str, Any]) -> dict[str, Any]:
    return {"id": relecture.pop("_id"), **relecture}
