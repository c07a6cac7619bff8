"""Routes of the flow to Parcoursup: its state, its settings, what is held back."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from contracts.droits import LECTEURS, Droit
from contracts.portees import Role
from contracts.statuts import Plateforme
from services.export.adapters.reglages_parcoursup import ReglagesMongo, ecrire
from services.export.adapters.surveillance import SurveillanceMongo
from services.export.domain.calendrier_parcoursup import Reglages, fermeture
from services.export.domain.precontrole_parcoursup import CONTROLES
from services.export.entrypoints.modeles_parcoursup import (
    OffreRetenue,
    ReglagesDemandes,
    ReglagesLus,
    ReserveLue,
    Retenues,
)
from services.export.entrypoints.serveur import Ici, Serveur, academies, exiger
from services.export.usecases.envoyer import IDENTIFIANTS_REFUSES
from services.kernel.auth import Identity, require
from services.kernel.clock import now_as_stored
from services.kernel.preconditions import IfMatch, etag, version_vue
from services.kernel.problem import Conflict, Invalid, PreconditionFailed

router = APIRouter(prefix="/v1/flux/parcoursup", tags=["Parcoursup"])

Administrateur = Annotated[Identity, Depends(require(Role.ADMINISTRATEUR))]
Lecteur = Annotated[Identity, Depends(require(*LECTEURS))]
_VERSIONS = 50
_ALARMES = 20


@router.get("", summary="L'état de la file d'envoi à Parcoursup")
async def etat(
    ici: Ici, _: Administrateur, limite: Annotated[int, Query(ge=1, le=500)] = 50
) -> dict[str, Any]:
    """Donne les comptes par statut, ce qui empêche d'envoyer, la tête de la file, les échanges."""
    surveillance = SurveillanceMongo(ici.base)
    instant = ici.horloge.now()
    disjoncteur = await surveillance.disjoncteur()
    file = await ici.envois.file(instant)
    return {
        "statuts": await ici.lectures.compter(Plateforme.PARCOURSUP),
        "arret": _sans_id(await surveillance.arret()),
        "ferme": fermeture(await _reglages(ici).courants(), instant),
        "disjoncteur": {
            "ouvert": disjoncteur.ouvert,
            "depuis": disjoncteur.ouvert_depuis,
            "pannes_de_suite": disjoncteur.echecs,
            "prochain_essai": disjoncteur.pas_avant,
        },
        "alarmes": await surveillance.alarmes(_ALARMES),
        "en_attente": len(file),
        "file": [_en_file(offre) for offre in file[:limite]],
        "echanges": [
            {"id": envoi.pop("_id"), **envoi} for envoi in await ici.lectures.envois(limite)
        ],
    }


@router.post("/reprise", summary="Relancer la file arrêtée")
async def reprendre(ici: Ici, _: Administrateur) -> dict[str, bool]:
    """Relance la file après un refus de nos identifiants (401, 403)."""
    surveillance = SurveillanceMongo(ici.base)
    if not await surveillance.reprendre():
        raise Conflict("La file n'est pas arrêtée.", code="file_non_arretee")
    await surveillance.baisser(IDENTIFIANTS_REFUSES, now_as_stored(ici.horloge))
    return {"relancee": True}


@router.get("/reglages", summary="L'interrupteur, la limite et le calendrier des envois")
async def reglages(ici: Ici, _: Administrateur, reponse: Response) -> ReglagesLus:
    """Donne les réglages en vigueur, leur version (`ETag`) et toutes les précédentes."""
    return await _lus(ici, reponse)


@router.put("/reglages", summary="Changer l'interrupteur, la limite ou le calendrier")
async def changer(
    corps: ReglagesDemandes,
    ici: Ici,
    identite: Administrateur,
    reponse: Response,
    if_match: IfMatch = None,
) -> ReglagesLus:
    """Remplace les réglages lus (`If-Match`) ; la file les suit dans les secondes qui viennent."""
    try:
        voulus = Reglages(**dict(corps))
    except ValueError as erreur:
        raise Invalid(str(erreur)) from erreur
    tenus = _reglages(ici)
    vue = int(version_vue(if_match).partition(".")[0])
    if not await tenus.changer(vue, voulus, identite.titulaire, now_as_stored(ici.horloge)):
        presente, presents = await tenus.version()
        raise PreconditionFailed(
            "Les réglages ont changé depuis que vous les avez lus.",
            extra={"version": presente, "reglages": ecrire(presents)},
        )
    return await _lus(ici, reponse)


@router.get("/retenues", summary="Les offres demandées que Parcoursup refuserait")
async def retenues(
    ici: Ici,
    identite: Lecteur,
    apres: Annotated[str, Query(max_length=64)] = "",
    limite: Annotated[int, Query(ge=1, le=500)] = 50,
) -> Retenues:
    """Donne, pour les académies de la clé, ce qu'il faut corriger avant l'envoi, et comment."""
    exiger(identite, Droit.VOIR_STATUT, Plateforme.PARCOURSUP)
    offres = await ici.lectures.retenues(academies(identite), apres, limite)
    suivant = offres[-1]["_id"] if len(offres) == limite else None
    return Retenues(offres=[_retenue(offre) for offre in offres], suivant=suivant)


def _reglages(ici: Serveur) -> ReglagesMongo:
    return ReglagesMongo(ici.base, ici.settings)


async def _lus(ici: Serveur, reponse: Response) -> ReglagesLus:
    tenus = _reglages(ici)
    version, presents = await tenus.version()
    reponse.headers["ETag"] = etag(str(version))
    return ReglagesLus(
        version=version,
        reglages=ecrire(presents),
        ferme=fermeture(presents, ici.horloge.now()),
        historique=await tenus.historique(_VERSIONS),
    )


def _en_file(offre: dict[str, Any]) -> dict[str, Any]:
    projection = offre["projection"]
    retenue = (offre.get("retenue") or {}).get("parcoursup") or {}
    return {
        "id": offre["_id"],
        "cle_ministere_educatif": projection.get("cle_ministere_educatif"),
        "uai_formation": projection.get("uai_formation"),
        "retenue": [reserve["code"] for reserve in retenue.get("reserves") or ()],
    }


def _retenue(offre: dict[str, Any]) -> OffreRetenue:
    projection, fait = offre["projection"], offre["retenue"]["parcoursup"]
    return OffreRetenue(
        id=offre["_id"],
        cle_ministere_educatif=projection.get("cle_ministere_educatif"),
        intitule=projection.get("intitule_long"),
        num_academie=projection.get("num_academie"),
        uai_formation=projection.get("uai_formation"),
        depuis=fait["depuis"],
        reserves=[_reserve(reserve) for reserve in fait["reserves"]],
    )


def _reserve(reserve: dict[str, Any]) -> ReserveLue:
    controle = CONTROLES[reserve["code"]]
    return ReserveLue(
        **reserve, cause=controle.cause, action=controle.action, previent=list(controle.previent)
    )


def _sans_id(document: dict[str, Any] | None) -> dict[str, Any] | None:
    if document is None:
        return None
    return {champ: valeur for champ, valeur in document.items() if champ != "_id"}
