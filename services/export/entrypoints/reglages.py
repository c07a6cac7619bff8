"""Routes of the campaigns."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from contracts.portees import Role
from contracts.statuts import Plateforme
from services.export.entrypoints.modeles import CampagneDemandee
from services.export.entrypoints.serveur import Ici
from services.kernel.auth import Identity, require

router = APIRouter(prefix="/v1", tags=["règles"])

Lecteur = Annotated[Identity, Depends(require(Role.INSTRUCTEUR, Role.LECTEUR, Role.ADMINISTRATEUR))]
Administrateur = Annotated[Identity, Depends(require(Role.ADMINISTRATEUR))]


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
