"""What a version of the tables means for the offers, over HTTP and as a file."""

import asyncio
from datetime import datetime
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import Response
from pydantic import BaseModel

from contracts.droits import LECTEURS
from contracts.evenements import ImpactV1
from contracts.portees import TOUT, Role
from services.enrich.domain.impact import Avis, Rapport, restreindre
from services.enrich.domain.impact_textes import message
from services.enrich.domain.recalcul_cles import ecart
from services.enrich.entrypoints.moyens import Moyens, UsesMoyens
from services.enrich.ports_versions import VersionInconnue
from services.enrich.usecases.annoncer import en_clair, examiner
from services.kernel.auth import Identity, require
from services.kernel.problem import NotFound
from services.kernel.spreadsheet import CSV, attachment, csv_text

router = APIRouter(prefix="/v1/referentiels", tags=["référentiels"])

Lecteur = Annotated[
    Identity,
    Depends(require(Role.DEPOSANT, *LECTEURS)),
]
_COLONNES: Final = (
    "nature",
    "code",
    "libelle",
    "le",
    "successeur",
    "successeur_libelle",
    "academie",
    "gestionnaire",
    "formateur",
    "offres",
    "message",
)


class ImpactDeVersion(BaseModel):
    """The notices of a version, for who asks. `apercu` when it is not the one in use."""

    version: str
    precedente: str
    apercu: bool
    calcule_le: datetime
    avis: list[ImpactV1]


@router.get(
    "/versions/{identifiant}/impact",
    summary="Ce qu'une version des référentiels change pour les offres",
    responses={200: {"content": {CSV: {}}}},
    response_model=ImpactDeVersion,
)
async def impact(
    identifiant: Annotated[str, Path(max_length=64)],
    moyens: UsesMoyens,
    identite: Lecteur,
    forme: Annotated[Literal["json", "csv"], Query(alias="format")] = "json",
) -> Response | ImpactDeVersion:
    """Dit ce qui ferme, se termine ou est remplacé, avec les offres concernées.

    Avant la mise en vigueur, c'est un aperçu sur les offres du moment ; après, ce qui a été annoncé
    ce jour-là. Un établissement voit les siennes, un instructeur celles de ses académies.
    """
    rapport, apercu = await _rapport(identifiant, moyens)
    siens = _pour(identite, rapport)
    if forme == "csv":
        return _fichier(siens, identifiant)
    de_vous = identite.role == Role.DEPOSANT
    return ImpactDeVersion(
        version=rapport.vers,
        precedente=rapport.de,
        apercu=apercu,
        calcule_le=rapport.calcule_le,
        avis=[ImpactV1.model_validate(en_clair(un, de_vous=de_vous)) for un in siens],
    )


async def _rapport(identifiant: str, moyens: Moyens) -> tuple[Rapport, bool]:
    """Return the report of a version, and whether it is but a preview."""
    enrichisseur = moyens.actif.enrichisseur()
    active = enrichisseur.references
    if identifiant == active.version:
        garde = await moyens.impacts.lire(identifiant)
        if garde is None:
            raise NotFound("Aucune version n'était en vigueur avant celle-ci.")
        return garde, False
    try:
        apres = await moyens.referentiels.charger(identifiant)
    except VersionInconnue:
        raise NotFound("Cette version est inconnue ou n'est plus disponible.") from None
    jour = enrichisseur.jour.isoformat()
    differe = await asyncio.to_thread(ecart, active, apres)
    return await examiner(differe, apres, jour, moyens.impacts, moyens.maintenant()), True


def _pour(identite: Identity, rapport: Rapport) -> list[Avis]:
    if identite.role == Role.ADMINISTRATEUR or TOUT in identite.scopes:
        return list(rapport.avis)
    sirets = {portee[6:] for portee in identite.scopes if portee.startswith("siret:")}
    academies = {
        portee.removeprefix("academie:").zfill(2)
        for portee in identite.scopes
        if portee.startswith("academie:")
    }
    return restreindre(rapport.avis, sirets, academies)


def _fichier(siens: list[Avis], identifiant: str) -> Response:
    lignes = [
        (
            un.fait.nature.value,
            un.fait.code,
            un.fait.libelle,
            un.fait.le,
            un.fait.successeur,
            un.fait.successeur_libelle,
            groupe.academie,
            groupe.gestionnaire,
            groupe.formateur,
            groupe.offres,
            message(un.fait, groupe.offres),
        )
        for un in siens
        for groupe in un.groupes
    ]
    return Response(
        csv_text(_COLONNES, lignes),
        media_type=CSV,
        headers=attachment(f"impact-{identifiant}.csv"),
    )
