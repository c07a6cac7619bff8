"""The historic dumps: offers and establishments as one JSON list, streamed."""

from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response, StreamingResponse

from services.export.adapters.historique import ETABLISSEMENTS, LecturesHistoriques, Page
from services.export.domain.forme_historique import choisir, forme_historique, selection
from services.export.domain.regles import JeuDeRegles
from services.export.domain.requete_lecture import lire_json
from services.export.entrypoints.historique_demande import (
    SAUT_MAX,
    Demande,
    Lecteur,
    Texte,
    choix_d_offre,
    comprise,
    filtre,
    filtre_d_offres,
    json,
    lectures,
    liste,
)
from services.export.entrypoints.serveur import Ici

router = APIRouter(prefix="/api", tags=["routes historiques"])

Limite = Annotated[int, Query(ge=0, le=SAUT_MAX, description="Au plus tant ; 0 : toutes.")]


@router.get(
    "/entity/formations.json",
    summary="Toutes les offres d'une requête historique",
    response_class=StreamingResponse,
)
async def formations(
    ici: Ici,
    identite: Lecteur,
    query: Texte = None,
    queryAsRegex: Texte = None,  # noqa: N803
    select: Texte = None,
    limit: Limite = 0,
) -> StreamingResponse:
    """Donne la liste, au fil de la lecture ; sans `query`, celle du catalogue réglementaire."""
    with comprise():
        criteres = filtre_d_offres(Demande(query=query, queryAsRegex=queryAsRegex), identite)
        choix = choix_d_offre(select, identite)
    jeu = (await ici.juges.courant()).jeu
    return liste(_offres(lectures(ici, identite), criteres, choix, jeu, limit))


@router.get("/entity/etablissements.json", summary="Tous les établissements d'une requête")
async def etablissements(
    ici: Ici,
    identite: Lecteur,
    query: Texte = None,
    select: Texte = None,
    limit: Limite = 0,
) -> Response:
    """Donne la liste, par SIRET."""
    with comprise():
        criteres = filtre(Demande(query=query), ETABLISSEMENTS)
        choix = selection(lire_json(select, "select"), ETABLISSEMENTS)
    page = Page(0, limit or SAUT_MAX)
    _, trouves = await lectures(ici, identite).etablissements(criteres, page)
    return json([choisir(un, choix) for un in trouves])


async def _offres(
    lues: LecturesHistoriques,
    criteres: dict[str, Any],
    choix: Mapping[str, bool],
    jeu: JeuDeRegles,
    limite: int,
) -> AsyncIterator[dict[str, Any]]:
    async for document in lues.toutes(criteres, limite=limite):
        yield choisir(forme_historique(document, jeu), choix)
