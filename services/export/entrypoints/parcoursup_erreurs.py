"""Routes of the table of refusals: what it knows, what is added to it, what it does not know."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path

from contracts.droits import LECTEURS
from contracts.portees import Role
from services.export.adapters.erreurs_parcoursup import ErreursMongo
from services.export.domain.expressions import ExpressionRefusee
from services.export.domain.table_erreurs import inconnues, lire_motif
from services.export.entrypoints.modeles_parcoursup import MotifAjoute, MotifDemande
from services.export.entrypoints.serveur import Ici
from services.export.usecases.reclasser import Reclasseur
from services.kernel.auth import Identity, require
from services.kernel.clock import now_as_stored
from services.kernel.problem import Conflict, Invalid, NotFound

router = APIRouter(prefix="/v1/flux/parcoursup/erreurs", tags=["Parcoursup"])

Administrateur = Annotated[Identity, Depends(require(Role.ADMINISTRATEUR))]
Lecteur = Annotated[Identity, Depends(require(*LECTEURS))]


@router.get("", summary="Les refus connus de Parcoursup, leur cause et quoi faire")
async def lister(ici: Ici, _: Lecteur) -> list[dict[str, Any]]:
    """Donne les refus dans l'ordre où ils sont essayés, ceux qui ont été ajoutés d'abord."""
    tenues = ErreursMongo(ici.base)
    ajoutes = {motif["code"]: motif for motif in await tenues.ajoutees()}
    return [
        {
            "code": erreur.code,
            "motif": erreur.motif,
            "cause": erreur.cause,
            "action": erreur.action,
            "statut": erreur.statut,
            "ajoute_par": ajoutes.get(erreur.code, {}).get("par"),
            "ajoute_le": ajoutes.get(erreur.code, {}).get("le"),
        }
        for erreur in (await tenues.table()).erreurs
    ]


@router.get("/inconnues", summary="Les textes d'échec qu'aucun motif ne reconnaît")
async def lire_inconnues(ici: Ici, _: Administrateur) -> list[dict[str, Any]]:
    """Donne un exemple de chaque texte, combien de fois il est venu, de quand à quand."""
    tenues = ErreursMongo(ici.base)
    echecs = await tenues.textes_en_echec()
    return [asdict(vue) for vue in inconnues(echecs, await tenues.table())]


@router.post("", status_code=201, summary="Ajouter un refus à reconnaître")
async def ajouter(corps: MotifDemande, ici: Ici, identite: Administrateur) -> MotifAjoute:
    """Ajoute un motif, essayé avant ceux d'origine, et redit les refus passés qu'il reconnaît.

    Une offre à « échec d'envoi » prend son statut ; une offre déjà refusée garde le sien. Listes,
    tableaux et avis en donnent désormais la cause et l'action. Un motif qui porte le code d'un
    refus d'origine le remplace. Les échanges restent tels quels.
    """
    motif = corps.model_dump(mode="json")
    try:
        lire_motif(motif)
    except ExpressionRefusee as refus:
        raise Invalid(f"« motif » : {refus}") from refus
    tenues = ErreursMongo(ici.base)
    instant = now_as_stored(ici.horloge)
    note = {"_id": ici.ids.new(), **motif, "par": identite.titulaire, "le": instant}
    if not await tenues.ajouter(note):
        raise Conflict(
            f"Un motif « {corps.code} » est déjà ajouté ; retirez-le d'abord.", code="motif_present"
        )
    reclasseur = Reclasseur(tenues, tenues, ici.base, ici.juges, ici.horloge)
    return MotifAjoute(code=corps.code, reclassees=await reclasseur.passer())


@router.delete("/{code}", summary="Retirer un motif ajouté")
async def retirer(
    code: Annotated[str, Path(max_length=60)], ici: Ici, identite: Administrateur
) -> dict[str, str]:
    """Retire un motif ajouté ; ce qu'il a reclassé le reste, le motif d'origine sert de nouveau."""
    instant = now_as_stored(ici.horloge)
    if not await ErreursMongo(ici.base).retirer(code, identite.titulaire, instant):
        raise NotFound(f"Aucun motif ajouté « {code} ».", code="motif_inconnu")
    return {"retire": code}
