"""Routes of the campaigns."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from contracts.droits import LECTEURS
from contracts.portees import Role
from contracts.statuts import Plateforme
from services.export.adapters.operations import OperationsMongo
from services.export.entrypoints.modeles import CampagneDemandee
from services.export.entrypoints.serveur import Ici
from services.kernel.auth import Identity, require
from services.kernel.problem import Conflict

router = APIRouter(prefix="/v1", tags=["règles"])

Lecteur = Annotated[Identity, Depends(require(*LECTEURS))]
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
    """Note le début de la première campagne, ou corrige le jour de celle en vigueur.

    Les offres sont réévaluées aussitôt. Passer à une autre campagne se fait par `demarrage`, qui
    photographie d'abord la saison.
    """
    courante = (await ici.juges.courant()).contextes[plateforme].campagne
    enregistree = await OperationsMongo(ici.base).enregistree(plateforme)
    if enregistree and courante.debut.year != corps.debut.year:
        raise Conflict(
            f"La campagne {courante.id} est en vigueur sur {plateforme.capitalize()}.",
            code="demarrage_requis",
            extra={"que_faire": f"Démarrez-la par POST /v1/campagnes/{plateforme}/demarrage."},
        )
    await ici.regles.ouvrir_campagne(plateforme, corps.debut, ici.horloge.now())
    return {"plateforme": plateforme, "debut": corps.debut}
