"""The historic lists: establishments of the offers, appointments, UAI of Affelnet's perimeter."""

from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response, StreamingResponse

from contracts.statuts import Plateforme
from services.export.adapters.historique import ETABLISSEMENTS, Page
from services.export.domain.forme_historique import choisir, prise_rdv, selection
from services.export.domain.requete_lecture import lire_json
from services.export.entrypoints.historique_demande import (
    SAUT_MAX,
    Demandee,
    Lecteur,
    Partenaire,
    comprise,
    filtre,
    json,
    lectures,
    liste,
    page_de,
    pagination,
)
from services.export.entrypoints.serveur import Ici

_routes = APIRouter(tags=["routes historiques"])


@_routes.get("/entity/etablissements", summary="Les établissements des offres")
async def etablissements(ici: Ici, identite: Lecteur, demande: Demandee) -> Response:
    """Donne une page d'établissements : gestionnaires, formateurs et lieux des offres."""
    with comprise():
        criteres = filtre(demande, ETABLISSEMENTS)
        choix = selection(lire_json(demande.select, "select"), ETABLISSEMENTS)
        page = page_de(demande, ETABLISSEMENTS)
    total, trouves = await lectures(ici, identite).etablissements(criteres, page)
    return json(
        {
            "etablissements": [choisir(un, choix) for un in trouves],
            "pagination": pagination(demande, page, total),
        }
    )


@_routes.get("/entity/etablissements/siret-uai", summary="Le SIRET et l'UAI des établissements")
async def siret_uai(ici: Ici, identite: Lecteur) -> Response:
    """Donne la liste entière, par SIRET."""
    _, trouves = await lectures(ici, identite).etablissements({}, Page(0, SAUT_MAX))
    return json([{"siret": un["siret"], "uai": un["uai"]} for un in trouves])


@_routes.get(
    "/perimetre-prise-rdv.json",
    summary="Les offres ouvertes à la prise de rendez-vous",
    response_class=StreamingResponse,
)
async def perimetre_prise_rdv(ici: Ici, identite: Partenaire) -> StreamingResponse:
    """Donne la clé, ce qui ouvre la prise de rendez-vous et l'identifiant Parcoursup."""
    filtre = {"$or": [{f"affiche.{une}": {"$exists": True}} for une in Plateforme]}
    champs = ("projection.cle_ministere_educatif", "projection.bcn_mefs_10", "publication")
    return liste(_en_rdv(lectures(ici, identite).toutes(filtre, champs)))


async def _en_rdv(documents: AsyncIterator[dict[str, Any]]) -> AsyncIterator[dict[str, Any]]:
    async for document in documents:
        ouvertes = {une: prise_rdv(document, une) for une in Plateforme}
        if any(ouvertes.values()):
            montre = document["publication"]["plateformes"][Plateforme.PARCOURSUP.value]
            yield {
                "cle_ministere_educatif": document["projection"].get("cle_ministere_educatif"),
                **{f"{une}_perimetre_prise_rdv": dite for une, dite in ouvertes.items()},
                "parcoursup_id": montre["identifiant"],
            }


@_routes.get(
    "/uai-affelnet",
    summary="Les UAI du périmètre Affelnet",
    response_class=StreamingResponse,
)
@_routes.get(
    "/entity/future-pro",
    summary="Les clés et UAI du périmètre Affelnet (futurepro)",
    response_class=StreamingResponse,
)
async def uai_affelnet(ici: Ici, identite: Partenaire) -> StreamingResponse:
    """Donne la clé et l'UAI du lieu de chaque offre du périmètre Affelnet."""
    filtre = {
        "projection.published": {"$ne": False},
        f"publication.plateformes.{Plateforme.AFFELNET.value}.perimetre": True,
    }
    champs = ("projection.cle_ministere_educatif", "projection.uai_formation")
    return liste(_cles_et_uai(lectures(ici, identite).toutes(filtre, champs)))


async def _cles_et_uai(documents: AsyncIterator[dict[str, Any]]) -> AsyncIterator[dict[str, Any]]:
    async for document in documents:
        lire = document["projection"].get
        yield {
            "cle_ministere_educatif": lire("cle_ministere_educatif"),
            "uai_formation": lire("uai_formation"),
        }


router = APIRouter()
router.include_router(_routes, prefix="/api")
router.include_router(_routes, prefix="/api/v1", include_in_schema=False)
