"""Routes of the subscriptions, and the pages to which the links of their mails lead."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import HTMLResponse, Response

from contracts.droits import LECTEURS
from contracts.portees import Role
from contracts.statuts import Plateforme
from services.export.adapters.abonnements import AbonnementsMongo
from services.export.domain.abonnements import Espece
from services.export.domain.avis_phrases import nommer
from services.export.entrypoints.avis import (
    exiger_academie,
    exiger_etablissement,
    plateformes_lues,
)
from services.export.entrypoints.avisage import rythme
from services.export.entrypoints.modeles_avis import (
    AbonnementDemande,
    AbonnementLu,
    AbonnementsLus,
)
from services.export.entrypoints.serveur import Ici, Serveur
from services.export.usecases.abonner import Abonner, Demande
from services.kernel.auth import Identity, public, require
from services.kernel.problem import Forbidden

router = APIRouter(prefix="/v1/abonnements", tags=["avis"])
pages = APIRouter(
    prefix="/abonnements",
    dependencies=[Depends(public)],
    default_response_class=HTMLResponse,
    include_in_schema=False,
)

Titulaire = Annotated[Identity, Depends(require(*LECTEURS, Role.DEPOSANT))]
Jeton = Annotated[str, Query(max_length=100)]

_PAGE: Final = "abonnement.html"


@router.post("", status_code=201, summary="S'abonner à des avis")
async def demander(
    corps: AbonnementDemande, ici: Ici, identite: Titulaire, reponse: Response
) -> AbonnementLu:
    """Enregistre l'abonnement ; il vaut dès que le lien envoyé à l'adresse est suivi.

    Redemandé pour la même adresse, il prend la nouvelle fréquence (200).
    """
    abonnement, nouveau = await _abonner(ici).demander(_demande(corps, identite))
    if not nouveau:
        reponse.status_code = 200
    return _lire(abonnement)


@router.get("", summary="Les abonnements que vous avez demandés")
async def lister(
    ici: Ici,
    identite: Titulaire,
    apres: Annotated[str, Query(max_length=64)] = "",
    limite: Annotated[int, Query(ge=1, le=500)] = 50,
) -> AbonnementsLus:
    """Donne leur état et leur dernier courriel ; à un administrateur, ceux de tous."""
    trouves = await AbonnementsMongo(ici.base).lister(_auteur(identite), apres, limite)
    suivant = trouves[-1]["_id"] if len(trouves) == limite else None
    return AbonnementsLus(abonnements=[_lire(un) for un in trouves], suivant=suivant)


@router.delete("/{id}", status_code=204, summary="Se désabonner")
async def supprimer(id: str, ici: Ici, identite: Titulaire) -> None:  # noqa: A002 - the address's name
    """Met fin à l'abonnement et oublie l'adresse."""
    await _abonner(ici).supprimer(id, _auteur(identite))


# A reader's mail program opens links by itself: only the button of the page, a POST, does anything.
@pages.get("/{id}/confirmation")
async def proposer(request: Request, id: str, ici: Ici, jeton: Jeton = "") -> HTMLResponse:  # noqa: A002
    """Page that asks to confirm a subscription."""
    abonnement = await _abonner(ici).a_confirmer(id, jeton)
    return _page(request, ici, "confirmer", nommer(abonnement["destinataire"]))


@pages.post("/{id}/confirmation")
async def confirmer(request: Request, id: str, ici: Ici, jeton: Jeton = "") -> HTMLResponse:  # noqa: A002
    """Confirm, by the link that is good once."""
    abonnement = await _abonner(ici).confirmer(id, jeton)
    return _page(request, ici, "confirme", nommer(abonnement["destinataire"]))


@pages.get("/{id}/desabonnement")
async def quitter(request: Request, id: str, ici: Ici, jeton: Jeton = "") -> HTMLResponse:  # noqa: A002
    """Page that asks to end a subscription."""
    _abonner(ici).verifier_le_depart(id, jeton)
    return _page(request, ici, "quitter")


@pages.post("/{id}/desabonnement")
async def desabonner(request: Request, id: str, ici: Ici, jeton: Jeton = "") -> HTMLResponse:  # noqa: A002
    """End a subscription: from the page, or in one click from a mail program (RFC 8058)."""
    await _abonner(ici).desabonner(id, jeton)
    return _page(request, ici, "quitte")


def _demande(corps: AbonnementDemande, identite: Identity) -> Demande:
    if corps.academie is not None:
        if identite.role not in LECTEURS:
            raise Forbidden("L'avis d'une académie est pour ses agents.", code="role_insuffisant")
        exiger_academie(identite, corps.academie)
        espece, code = Espece.ACADEMIE, corps.academie.zfill(2)
        plateformes = plateformes_lues(identite)
    else:
        code = str(corps.siret)
        if identite.role not in (Role.DEPOSANT, Role.ADMINISTRATEUR):
            raise Forbidden("L'avis d'un établissement est pour lui.", code="role_insuffisant")
        exiger_etablissement(identite, code)
        espece, plateformes = Espece.ETABLISSEMENT, [une.value for une in Plateforme]
    return Demande(espece, code, corps.frequence, corps.adresse, plateformes, identite.titulaire)


def _abonner(ici: Serveur) -> Abonner:
    return Abonner(
        AbonnementsMongo(ici.base),
        ici.horloge,
        ici.ids,
        rythme(ici.settings),
        poivre=ici.settings.poivre.get_secret_value(),
        maximum=ici.settings.abonnements_max,
    )


def _auteur(identite: Identity) -> str | None:
    return None if identite.role == Role.ADMINISTRATEUR else identite.titulaire


def _lire(abonnement: Mapping[str, Any]) -> AbonnementLu:
    code, espece = abonnement["code"], abonnement["espece"]
    return AbonnementLu(
        id=abonnement["_id"],
        academie=code if espece == Espece.ACADEMIE else None,
        siret=code if espece == Espece.ETABLISSEMENT else None,
        plateformes=abonnement["plateformes"],
        frequence=abonnement["frequence"],
        adresse=abonnement["adresse"],
        etat=abonnement["etat"],
        demande_le=abonnement["demande_le"],
        confirme_le=abonnement.get("confirme_le"),
        courrier=abonnement.get("courrier"),
    )


def _page(request: Request, ici: Serveur, moment: str, lecteur: str | None = None) -> HTMLResponse:
    # The token is in the address: neither kept by a cache nor told to another site.
    entetes = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    contexte = {"moment": moment, "lecteur": lecteur}
    return ici.web.page(request, _PAGE, contexte, headers=entetes)
