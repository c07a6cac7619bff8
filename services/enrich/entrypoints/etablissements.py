"""Establishments over HTTP: what the catalogue knows of one, and whom to write to."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, Field

from contracts.identifiants import insee
from services.enrich.adapters.etablissements import Courriel, OffresDe
from services.enrich.domain.consultation import consulter
from services.enrich.domain.droits import couvre_etablissement
from services.enrich.domain.saisie import SaisieRefusee, courriel
from services.enrich.entrypoints.acces_formations import Lecteur
from services.enrich.entrypoints.editions import Correcteur
from services.enrich.entrypoints.moyens import Moyens, UsesMoyens
from services.kernel.auth import Identity
from services.kernel.preconditions import IfMatch, etag, version_vue
from services.kernel.problem import Erreur, Forbidden, Invalid, NotFound, PreconditionFailed

router = APIRouter(prefix="/v1/etablissements", tags=["établissements"])

Siret = Annotated[str, Path(pattern=r"^\d{14}$")]


class AdresseDeCourriel(BaseModel):
    """The address of an establishment's direction; null withdraws it."""

    courriel: str | None = Field(max_length=254)


class CourrielVu(BaseModel):
    """Whom to write to, who said so and when; only for who may change it."""

    email_direction: str | None
    auteur: str | None
    le: datetime | None
    version: int


class EtablissementVu(BaseModel):
    """What the catalogue knows of an establishment.

    `connu` is the row of the national lists in use, null when they do not hold it. `courriel` is
    null for who may not change it; `ETag` then gives no version.
    """

    siret: str
    connu: dict[str, Any] | None
    num_academie: str | None
    offres: OffresDe
    courriel: CourrielVu | None


@router.get("/{siret}", summary="Ce que le catalogue sait d'un établissement")
async def lire(
    siret: Siret, moyens: UsesMoyens, identite: Lecteur, reponse: Response
) -> EtablissementVu:
    """Donne ce qu'en disent les listes nationales, le nombre de ses offres, son courriel."""
    vu = await _voir(moyens, siret, identite)
    if vu.courriel is not None:
        reponse.headers["ETag"] = etag(str(vu.courriel.version))
    return vu


@router.put(
    "/{siret}/courriel",
    summary="Dire à quelle adresse écrire à un établissement",
    responses={
        412: {"description": "L'adresse a changé : la réponse donne celle en vigueur."},
        428: {"description": "Il manque « If-Match », la version lue."},
    },
)
async def ecrire_le_courriel(
    siret: Siret,
    demande: AdresseDeCourriel,
    moyens: UsesMoyens,
    identite: Correcteur,
    reponse: Response,
    if_match: IfMatch = None,
) -> EtablissementVu:
    """Remplace l'adresse ; la première se donne sur la version 0. Aucun partenaire ne la voit."""
    vue = version_vue(if_match)
    vu = await _voir(moyens, siret, identite)
    if vu.courriel is None:
        raise Forbidden("Cet établissement n'est pas dans votre portée.", code="hors_portee")
    tenue = await moyens.etablissements.ecrire(
        siret,
        _adresse(demande.courriel),
        identite.titulaire,
        moyens.maintenant(),
        int(vue) if vue.isdigit() else -1,
    )
    if tenue is None:
        raise await _depassee(moyens, siret)
    reponse.headers["ETag"] = etag(str(tenue.version))
    return vu.model_copy(update={"courriel": _courriel_vu(tenue)})


async def _voir(moyens: Moyens, siret: str, identite: Identity) -> EtablissementVu:
    enrichisseur = moyens.actif.enrichisseur()
    references = enrichisseur.references
    connu = consulter("siret", siret, references, enrichisseur.jour)
    offres = await moyens.etablissements.offres(siret)
    if connu is None and offres.offres == 0:
        raise NotFound("Ni les listes nationales ni les offres ne nomment ce SIRET.")
    departement = insee.departement((connu or {}).get("code_commune_insee"))
    territoire = references.departements.get(departement or "")
    num_academie = territoire.num_academie if territoire else None
    permis = couvre_etablissement(identite.role, identite.scopes, siret, num_academie)
    return EtablissementVu(
        siret=siret,
        connu=connu,
        num_academie=num_academie,
        offres=offres,
        courriel=_courriel_vu(await moyens.etablissements.courriel(siret)) if permis else None,
    )


def _adresse(saisie: str | None) -> str | None:
    try:
        return courriel(saisie) if saisie else None
    except SaisieRefusee as refus:
        erreur = Erreur("courriel", refus.code, refus.message)
        raise Invalid("Cette adresse ne convient pas.", [erreur]) from refus


async def _depassee(moyens: Moyens, siret: str) -> PreconditionFailed:
    tenu = _courriel_vu(await moyens.etablissements.courriel(siret))
    return PreconditionFailed(
        "L'adresse a changé depuis que vous l'avez lue.",
        extra={"version": tenu.version, "present": tenu.model_dump(mode="json")},
        headers={"ETag": etag(str(tenu.version))},
    )


def _courriel_vu(tenu: Courriel) -> CourrielVu:
    return CourrielVu(
        email_direction=tenu.courriel, auteur=tenu.auteur, le=tenu.le, version=tenu.version
    )
