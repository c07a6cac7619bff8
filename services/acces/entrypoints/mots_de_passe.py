"""Passwords: forgotten, chosen by the link of a mail, changed by who is signed in."""

from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, BackgroundTasks, Depends, Request, Response

from contracts.portees import Role
from services.acces.domain.comptes import forme
from services.acces.entrypoints.envois import sans_attendre
from services.acces.entrypoints.modeles import (
    Accuse,
    ChangementDeMotDePasse,
    NouveauMotDePasse,
    Oubli,
)
from services.acces.entrypoints.serveur import OUVERTE, PERSONNEL, Ici, Serveur
from services.acces.usecases import mot_de_passe as usages
from services.kernel import cookies
from services.kernel.auth import Identity, require

router = APIRouter(prefix="/v1", tags=["mot de passe"], dependencies=PERSONNEL)

Quiconque = Annotated[Identity, Depends(require(*Role))]
_ENTENDU: Final = (
    "Si cet identifiant est celui d'un compte, un courriel vient de partir vers son adresse ; il "
    "permet de choisir un nouveau mot de passe pendant une heure."
)


@router.post("/mot-de-passe/oubli", dependencies=OUVERTE, summary="Mot de passe oublié")
async def oublier(corps: Oubli, request: Request, taches: BackgroundTasks, ici: Ici) -> Accuse:
    """Envoie un lien à usage unique ; la réponse est la même que le compte existe ou non."""
    return demander(ici, request, taches, corps.identifiant)


@router.put("/mot-de-passe", dependencies=OUVERTE, summary="Choisir son mot de passe")
async def choisir(
    corps: NouveauMotDePasse, request: Request, taches: BackgroundTasks, ici: Ici
) -> Accuse:
    """Pose le mot de passe avec le jeton d'un courriel et ferme toutes les sessions du compte.

    Un mot de passe trop faible répond 400 et laisse le jeton valable ; un jeton périmé, 401.
    """
    return await poser(ici, request, taches, corps.jeton, corps.nouveau)


@router.put("/session/mot-de-passe", status_code=204, summary="Changer son mot de passe")
async def changer(
    corps: ChangementDeMotDePasse,
    request: Request,
    response: Response,
    taches: BackgroundTasks,
    ici: Ici,
    qui: Quiconque,
) -> None:
    """Change le mot de passe de la personne connectée ; ses autres sessions sont fermées."""
    ici.compter_un_essai(request, qui.titulaire)
    compte, jeton = await usages.changer(ici.moyens, qui.titulaire, corps.actuel, corps.nouveau)
    cookies.give(response, ici.settings, jeton)
    taches.add_task(sans_attendre, partial(usages.prevenir_du_changement, ici.moyens, compte))


def demander(ici: Serveur, request: Request, taches: BackgroundTasks, nom: str) -> Accuse:
    """Answer at once; the account is looked for afterwards."""
    ici.compter_un_essai(request)
    ici.oublis.take(forme(nom))
    taches.add_task(sans_attendre, partial(usages.demander_oubli, ici.moyens, nom))
    return Accuse(message=_ENTENDU)


async def poser(
    ici: Serveur, request: Request, taches: BackgroundTasks, jeton: str, nouveau: str
) -> Accuse:
    """Set the password that the holder of a token chose."""
    ici.compter_un_essai(request)
    compte = await usages.choisir(ici.moyens, jeton, nouveau)
    taches.add_task(sans_attendre, partial(usages.prevenir_du_changement, ici.moyens, compte))
    return Accuse(message="Le mot de passe est changé ; vous pouvez vous connecter.")
