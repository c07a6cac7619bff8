"""The public API of search: JSON for programs; its pages are in `pages`."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Depends, FastAPI, Query, Request
from starlette.responses import RedirectResponse, Response

from contracts.evenements import Etat
from services.kernel.auth import KeyVerifier, public
from services.kernel.clock import SystemClock
from services.kernel.health import Health
from services.kernel.http import create_api, serve
from services.kernel.problem import Gone
from services.kernel.web import Web
from services.search.adapters.elastic import connecter, demander, noms
from services.search.adapters.lecture import MoteurElastic
from services.search.domain.reponses import detail_public
from services.search.entrypoints import interne, pages
from services.search.entrypoints.parametres import Parametres
from services.search.entrypoints.serveur import Serveur, serveur
from services.search.settings import ApiSettings, SearchSettings
from services.search.usecases.consulter import consulter, est_active, proches, variantes
from services.search.usecases.rechercher import Page, rechercher
from services.search.usecases.situer import Geographie

SERVICE: Final = "search"
JSON: Final = "application/json"
_NEGOCIE: Final = {"Vary": "Accept"}

router = APIRouter(tags=["formations"])


@router.get(
    "/v1/formations",
    dependencies=[Depends(public)],
    response_class=Response,
    summary="Chercher des formations",
)
async def lister(request: Request, parametres: Annotated[Parametres, Query()]) -> Response:
    """Cherche des formations : texte, filtres, facettes, proximité, curseur stable.

    `suivant` est le curseur de la page suivante, à donner en `curseur` avec les mêmes autres
    paramètres ; il n'expire pas et n'a pas de limite de profondeur. Les facettes sont disjonctives.
    """
    outils = serveur(request)
    page = await rechercher(parametres.demande(), outils.moteur, outils.geographie)
    return Response(orjson.dumps(_corps(page)), media_type=JSON)


@router.get(
    "/v1/formations/{reference}",
    dependencies=[Depends(public)],
    response_class=Response,
    summary="Lire une formation",
)
async def detailler(request: Request, reference: str) -> Response:
    """Donne une formation par son identifiant ou par l'une de ses clés, actuelle ou ancienne.

    Le `#` d'une clé peut être encodé une fois, deux fois, ou coupé avec ce qui le suit. Une
    formation retirée ou remplacée répond 410, avec la date et des formations proches. `Accept:
    text/html` mène à la page.
    """
    outils = serveur(request)
    document = await consulter(reference, outils.moteur)
    if _veut_une_page(request):
        adresse = f"/formations/{document['id']}"
        return RedirectResponse(adresse, status_code=303, headers=_NEGOCIE)
    if not est_active(document):
        raise await _partie(document, outils)
    corps = orjson.dumps(detail_public(document))
    return Response(corps, media_type=JSON, headers=_NEGOCIE)


@router.get(
    "/v1/formations/{reference}/variantes",
    dependencies=[Depends(public)],
    response_class=Response,
    summary="Variantes à distance et en présentiel d'une formation",
)
async def lister_les_variantes(request: Request, reference: str) -> Response:
    """Donne la variante 100 % à distance d'une formation, ou les lieux où celle-ci se suit aussi.

    Une formation et sa variante portent la même clé jusqu'à la commune.
    """
    outils = serveur(request)
    document = await consulter(reference, outils.moteur)
    if not est_active(document):
        raise await _partie(document, outils)
    return Response(orjson.dumps(await variantes(document, outils.moteur)), media_type=JSON)


def _corps(page: Page) -> dict[str, Any]:
    corps: dict[str, Any] = {
        "total": page.total,
        "correspondance": page.mode,
        "formations": page.formations,
        "facettes": page.facettes,
        "suivant": page.suivant,
    }
    if page.sans_position is not None:
        corps["sans_position"] = page.sans_position
    if page.lieu is not None:
        corps["lieu"] = {
            "code_commune_insee": page.lieu.insee,
            "localite": page.lieu.nom,
            "lat": page.lieu.point.lat,
            "lon": page.lieu.point.lon,
            "homonymes": [
                {"code_commune_insee": insee, "localite": nom} for insee, nom in page.lieu.homonymes
            ],
        }
    return corps


async def _partie(document: Mapping[str, Any], outils: Serveur) -> Gone:
    evenement = document["formation"]
    extra = {
        "id": document["id"],
        "etat": evenement["etat"],
        "depuis": evenement.get("retiree_le") or evenement.get("modifiee_le"),
        "remplacee_par": evenement.get("remplacee_par"),
        "proches": await proches(document, outils.moteur),
    }
    if evenement["etat"] == Etat.REMPLACEE:
        detail = "Cette formation a été remplacée par une autre."
        return Gone(detail, code="formation_remplacee", title="Formation remplacée", extra=extra)
    detail = "Cette formation a été retirée du catalogue."
    return Gone(detail, code="formation_retiree", title="Formation retirée", extra=extra)


def _veut_une_page(request: Request) -> bool:
    accepte = request.headers.get("accept", "")
    return "text/html" in accepte and JSON not in accepte


def create_app(settings: SearchSettings, *, keys: KeyVerifier | None = None) -> FastAPI:
    """Return the application; `keys` replaces the store of keys."""
    clock = SystemClock()
    client = connecter(settings)
    alias = noms(settings).lecture
    moteur = MoteurElastic(client, alias)
    web = Web(settings, clock, "services.search")
    outils = Serveur(
        settings,
        client,
        moteur,
        Geographie(moteur, clock, settings.recherche_lieux_s),
        web,
    )
    sante = Health()

    async def elasticsearch_repond() -> None:
        await demander(client, "GET", f"/_alias/{alias}")

    sante.require("elasticsearch", elasticsearch_repond)

    @asynccontextmanager
    async def duree_de_vie(_: FastAPI) -> AsyncIterator[None]:
        try:
            yield
        finally:
            await client.close()

    app = create_api(
        settings,
        service=SERVICE,
        title="Catalogue des formations en apprentissage : recherche",
        version="1",
        summary="Chercher des formations en apprentissage et lire leur description complète.",
        routers=[router, pages.router, interne.router],
        lifespan=duree_de_vie,
        health=sante,
        keys=keys,
        web=web,
    )
    app.state.serveur = outils
    return app


async def main() -> None:
    """Serve until told to stop."""
    settings = ApiSettings()
    await serve(create_app(settings), settings)
