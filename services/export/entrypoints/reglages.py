"""Routes of rules and campaigns."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from contracts.portees import Role
from contracts.statuts import Plateforme
from services.export.domain.regles_lecture import lire_fichier
from services.export.entrypoints.modeles import CampagneDemandee
from services.export.entrypoints.serveur import Ici
from services.kernel.auth import Identity, require

router = APIRouter(prefix="/v1", tags=["règles"])

_REGLES_OCTETS_MAX = 16 * 1024 * 1024
Lecteur = Annotated[Identity, Depends(require(Role.INSTRUCTEUR, Role.LECTEUR, Role.ADMINISTRATEUR))]
Administrateur = Annotated[Identity, Depends(require(Role.ADMINISTRATEUR))]


@router.get("/regles", summary="Les règles de périmètre en vigueur")
async def regles(ici: Ici, _: Lecteur, plateforme: Plateforme | None = None) -> dict[str, Any]:
    """Donne chaque règle avec son identifiant et sa version."""
    toutes = [
        {"id": regle["_id"], "version": regle["version"], **regle["contenu"]}
        for regle in await ici.regles.toutes()
        if plateforme is None or regle["contenu"]["plateforme"] == plateforme
    ]
    return {"nombre": len(toutes), "regles": toutes}


@router.put(
    "/regles",
    summary="Remplacer les règles de périmètre",
    openapi_extra={"x-limite-octets": _REGLES_OCTETS_MAX},
)
async def charger(corps: list[dict[str, Any]], ici: Ici, _: Administrateur) -> dict[str, Any]:
    """Remplace toutes les règles ; celle qui ne peut s'appliquer entière est écartée et comptée.

    Les offres sont réévaluées aussitôt par le consommateur.
    """
    lecture = lire_fichier(corps)
    comptes = await ici.regles.remplacer(lecture.regles, ici.horloge.now())
    return {
        "lues": len(corps),
        "gardees": len(lecture.regles),
        "marquees_supprimees": lecture.supprimees,
        "ecartees": [
            {"rang": ecartee.rang, "raison": ecartee.raison} for ecartee in lecture.ecartees
        ],
        **comptes,
    }


@router.get("/campagnes", summary="La campagne de chaque plateforme")
async def campagnes(ici: Ici, _: Lecteur) -> dict[str, Any]:
    """Donne le début de chaque campagne et les bornes de sa session."""
    juge = await ici.juges.courant()
    return {
        plateforme.value: {
            "campagne": contexte.campagne.id,
            "debut": contexte.campagne.debut,
            "session": contexte.campagne.session,
            "session_precedente": contexte.campagne.session_precedente,
            "seuil_de_validite": contexte.seuil,
        }
        for plateforme, contexte in juge.contextes.items()
    }


@router.put("/campagnes/{plateforme}", summary="Noter le début d'une campagne")
async def ouvrir(
    plateforme: Plateforme, corps: CampagneDemandee, ici: Ici, _: Administrateur
) -> dict[str, Any]:
    """Note le début ; les offres sont réévaluées aussitôt."""
    await ici.regles.ouvrir_campagne(plateforme, corps.debut, ici.horloge.now())
    return {"plateforme": plateforme, "debut": corps.debut}
