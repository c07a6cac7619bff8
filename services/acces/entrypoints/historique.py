"""The historic routes of sign-in and passwords, for programs that still call them; made safe.

They do what `session` and `mots_de_passe` do, under the names of the old API. A token is never
answered: it is mailed. The same answer comes whether an account exists or not (decision 21).
"""

from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from contracts.portees import TOUT, Role, academie
from services.acces.domain.comptes import Compte
from services.acces.entrypoints.modeles import Accuse, MotDePasse, Texte
from services.acces.entrypoints.mots_de_passe import demander, poser
from services.acces.entrypoints.serveur import OUVERTE, PERSONNEL, Ici
from services.acces.entrypoints.session import connecter, deconnecter
from services.acces.usecases.moyens import identite
from services.kernel.auth import Identity, require

router = APIRouter(prefix="/api", tags=["routes historiques"], dependencies=PERSONNEL)

Quiconque = Annotated[Identity, Depends(require(*Role))]
_ACADEMIE = academie("")


class _Recu(BaseModel):
    model_config = ConfigDict(extra="ignore", populate_by_name=True)


class Identifiants(_Recu):
    """Comme l'ancienne page les envoie."""

    username: Texte
    password: MotDePasse


class Oublieux(_Recu):
    """De qui le mot de passe est oublié."""

    username: Texte


class Choisi(_Recu):
    """Le jeton du courriel et le mot de passe choisi."""

    password_token: Texte = Field(alias="passwordToken")
    new_password: MotDePasse = Field(alias="newPassword")


@router.post("/auth/login", dependencies=OUVERTE, summary="Se connecter (historique)")
async def login(
    corps: Identifiants, request: Request, response: Response, ici: Ici
) -> dict[str, Any]:
    """Ouvre une session et dit qui est connecté."""
    compte = await connecter(ici, request, response, corps.username, corps.password)
    return _session(identite(compte), compte)


@router.post("/auth/logout", dependencies=OUVERTE, summary="Se déconnecter (historique)")
async def logout(request: Request, response: Response, ici: Ici) -> dict[str, bool]:
    """Ferme la session."""
    await deconnecter(ici, request, response)
    return {"loggedOut": True}


@router.get("/auth/current-session", summary="Qui est connecté (historique)")
async def current_session(ici: Ici, qui: Quiconque) -> dict[str, Any]:
    """Dit qui est connecté."""
    return _session(qui, await ici.moyens.comptes.par_id(qui.titulaire))


@router.post(
    "/password/forgotten-password",
    dependencies=OUVERTE,
    summary="Mot de passe oublié (historique)",
)
async def forgotten_password(
    corps: Oublieux, request: Request, taches: BackgroundTasks, ici: Ici
) -> Accuse:
    """Envoie un lien à usage unique ; la réponse est la même que le compte existe ou non."""
    return demander(ici, request, taches, corps.username)


@router.post(
    "/password/reset-password",
    dependencies=OUVERTE,
    summary="Choisir son mot de passe (historique)",
)
async def reset_password(
    corps: Choisi, request: Request, taches: BackgroundTasks, ici: Ici
) -> Accuse:
    """Pose le mot de passe ; trop faible, il répond 400 et le jeton reste valable."""
    return await poser(ici, request, taches, corps.password_token, corps.new_password)


def _session(qui: Identity, compte: Compte | None) -> dict[str, Any]:
    siennes = sorted(un.removeprefix(_ACADEMIE) for un in qui.scopes if un.startswith(_ACADEMIE))
    return {
        "sub": compte.identifiant if compte else qui.titulaire,
        "email": compte.profil.courriel if compte else None,
        "permissions": {"isAdmin": qui.role == Role.ADMINISTRATEUR},
        "roles": [qui.role],
        "academie": "-1" if TOUT in qui.scopes else ",".join(siennes),
    }
