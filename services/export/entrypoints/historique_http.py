"""The historic routes over offers, as partners still call them: `/api` and `/api/v1`."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Path
from pymongo.errors import PyMongoError
from starlette.responses import JSONResponse, Response

from services.export.adapters.historique import Page
from services.export.adapters.relations import RelationsMongo
from services.export.domain.forme_historique import choisir, forme_historique
from services.export.entrypoints.historique_demande import (
    Corps,
    Demande,
    Demandee,
    Lecteur,
    Texte,
    champs_vus,
    choix_d_offre,
    comprise,
    filtre_d_offres,
    json,
    lectures,
    page_de,
    pagination,
)
from services.export.entrypoints.serveur import Ici, Serveur
from services.export.ports import Document
from services.kernel.auth import Identity, public
from services.kernel.problem import NotFound

_routes = APIRouter(tags=["routes historiques"])


@_routes.get("", dependencies=[Depends(public)], summary="L'état du service")
async def sante(ici: Ici) -> JSONResponse:
    """Dit si la base répond ; 503 sinon."""
    try:
        await ici.base.repondre()
    except PyMongoError:
        return JSONResponse({"healthcheck": {"mongodb": False}}, status_code=503)
    return JSONResponse({"healthcheck": {"mongodb": True}})


@_routes.get("/entity/formations", summary="Des offres, par une requête historique")
async def formations(ici: Ici, identite: Lecteur, demande: Demandee) -> Response:
    """Donne une page d'offres ; sans `query`, celles du catalogue réglementaire.

    `query` : champs connus, opérateurs $eq $in $ne $nin $gt $gte $lt $lte $or $and $nor $not
    $elemMatch $all $size $exists $regex (un texte à chercher, « ^ » et « $ » admis).
    """
    return await _chercher(ici, identite, demande)


@_routes.post("/entity/formations", summary="Des offres, par une requête historique en corps")
async def formations_par_corps(ici: Ici, identite: Lecteur, corps: Corps) -> Response:
    """Donne ce que donne la même requête en paramètres ; une requête longue y tient."""
    return await _chercher(ici, identite, corps.demande())


async def _chercher(ici: Serveur, identite: Identity, demande: Demande) -> Response:
    with comprise():
        filtre = filtre_d_offres(demande, identite)
        choix = choix_d_offre(demande.select, identite)
        page = page_de(demande, champs_vus(identite))
    lues = lectures(ici, identite)
    total = await lues.compter(filtre, page)
    donnees = [choisir(forme, choix) for forme in await _formes(ici, await lues.page(filtre, page))]
    return json({"formations": donnees, "pagination": pagination(demande, page, total)})


@_routes.get("/entity/formations/count", summary="Le nombre d'offres d'une requête")
async def compter(
    ici: Ici,
    identite: Lecteur,
    query: Texte = None,
    queryAsRegex: Texte = None,  # noqa: N803
) -> int:
    """Donne un nombre."""
    demande = Demande(query=query, queryAsRegex=queryAsRegex)
    with comprise():
        filtre = filtre_d_offres(demande, identite)
    return await lectures(ici, identite).compter(filtre, Page(0, 1))


@_routes.get("/entity/formation/{id}", summary="Une offre, par sa clé ou son identifiant")
async def une(
    id: Annotated[str, Path(max_length=100)],  # noqa: A002 - the field's own name
    ici: Ici,
    identite: Lecteur,
    select: Texte = None,
) -> Response:
    """Donne l'offre, telle que la liste la donne."""
    with comprise():
        choix = choix_d_offre(select, identite)
    filtre = {"$or": [{"_id": id}, {"projection.cle_ministere_educatif": id}]}
    trouvees = await lectures(ici, identite).page(filtre, Page(0, 1))
    if not trouvees:
        raise NotFound(f"Aucune formation « {id} ».", code="formation_inconnue")
    (forme,) = await _formes(ici, trouvees)
    return json(choisir(forme, choix))


async def _formes(ici: Serveur, documents: Sequence[Document]) -> list[Document]:
    jeu = (await ici.juges.courant()).jeu
    relations = await RelationsMongo(ici.base).par_offre(documents)
    return [
        forme_historique(document, jeu, relations.get(document["_id"])) for document in documents
    ]


router = APIRouter()
router.include_router(_routes, prefix="/api")
router.include_router(_routes, prefix="/api/v1", include_in_schema=False)
