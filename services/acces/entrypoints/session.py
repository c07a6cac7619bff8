"""Signing in and out, and who one is."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from contracts.portees import Role
from services.acces.domain.comptes import Compte
from services.acces.entrypoints.modeles import Connexion, QuiSuisJe
from services.acces.entrypoints.serveur import OUVERTE, PERSONNEL, Ici, Serveur
from services.acces.usecases.connexion import se_connecter
from services.acces.usecases.moyens import identite
from services.kernel import cookies
from services.kernel.auth import Identity, require

router = APIRouter(prefix="/v1/session", tags=["session"], dependencies=PERSONNEL)

Quiconque = Annotated[Identity, Depends(require(*Role))]


@router.post("", dependencies=OUVERTE, summary="Se connecter")
async def ouvrir(corps: Connexion, request: Request, response: Response, ici: Ici) -> QuiSuisJe:
    """Ouvre une session, dans un témoin que seul le navigateur lit.

    Un identifiant inconnu, un mauvais mot de passe et un compte fermé ont la même réponse, 401.
    """
    compte = await connecter(ici, request, response, corps.identifiant, corps.mot_de_passe)
    return QuiSuisJe.de(identite(compte))


@router.get("", summary="Qui suis-je ?")
async def lire(qui: Quiconque) -> QuiSuisJe:
    """Donne le nom, le rôle, les droits et les académies de qui appelle."""
    return QuiSuisJe.de(qui)


@router.delete("", dependencies=OUVERTE, status_code=204, summary="Se déconnecter")
async def fermer(request: Request, response: Response, ici: Ici) -> None:
    """Ferme la session ; sans session, ne fait rien."""
    await deconnecter(ici, request, response)


async def connecter(
    ici: Serveur, request: Request, response: Response, nom: str, mot_de_passe: str
) -> Compte:
    """Sign in and give the cookie; the session that the browser had before is over."""
    ici.compter_un_essai(request, nom)
    compte, jeton = await se_connecter(ici.moyens, nom, mot_de_passe)
    await _fermer(ici, request)
    cookies.give(response, ici.settings, jeton)
    return compte


async def deconnecter(ici: Serveur, request: Request, response: Response) -> None:
    """Sign out and take the cookie back."""
    await _fermer(ici, request)
    cookies.take_back(response, ici.settings)


async def _fermer(ici: Serveur, request: Request) -> None:
    jeton = cookies.token(request)
    if jeton is not None:
        await ici.sessions.close(jeton)
