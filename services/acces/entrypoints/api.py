"""The API of acces: sign-in of people, their passwords, and accounts for administrators."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

from fastapi import FastAPI

from services.acces.adapters.courrier import CourrierDuNoyau
from services.acces.adapters.hachage import Sha512Crypt
from services.acces.adapters.mongo import ComptesMongo
from services.acces.entrypoints import comptes, historique, mots_de_passe, session
from services.acces.entrypoints.serveur import Serveur
from services.acces.settings import SERVICE, ApiSettings
from services.acces.usecases.moyens import Moyens
from services.kernel.access import Access
from services.kernel.clock import Clock, SystemClock
from services.kernel.http import create_api, serve
from services.kernel.ids import UlidIds
from services.kernel.limits import RateLimiter
from services.kernel.mail import Mailer, mailer

_DESCRIPTION: Final = """
Les personnes se connectent ici. Leur session, gardée dans un témoin que seul le navigateur lit, est
reconnue par **toutes** les API du catalogue, comme l'est une clé.
"""


def create_app(
    settings: ApiSettings, *, courrier: Mailer | None = None, horloge: Clock | None = None
) -> FastAPI:
    """Return the application; `courrier` replaces the mailer that the settings ask for."""
    horloge = horloge or SystemClock()

    @asynccontextmanager
    async def vie(app: FastAPI) -> AsyncIterator[None]:
        access: Access = app.state.access
        magasin = ComptesMongo(access, settings)
        await magasin.creer_index()
        par_ou = mailer(settings) if courrier is None else courrier
        hachage = Sha512Crypt(settings.motdepasse_cout, settings.motdepasse_attente_max)
        moyens = Moyens(
            comptes=magasin,
            hachage=hachage,
            courrier=CourrierDuNoyau(settings, par_ou, horloge),
            horloge=horloge,
            ids=UlidIds(horloge),
            invitation=timedelta(seconds=settings.invitation_duree_s),
            oubli=timedelta(seconds=settings.oubli_duree_s),
            adresse=str(settings.adresse_acces),
        )
        app.state.serveur = Serveur(
            settings,
            moyens,
            access.sessions,
            essais=_frein(settings, settings.essais_par_minute, 60),
            oublis=_frein(settings, settings.oublis_par_heure, 3_600),
        )
        try:
            yield
        finally:
            hachage.fermer()

    return create_api(
        settings,
        service=SERVICE,
        title="Catalogue des formations en apprentissage : accès",
        version="1",
        summary="Connexion des personnes, mots de passe, comptes.",
        description=_DESCRIPTION,
        routers=[session.router, mots_de_passe.router, comptes.router, historique.router],
        lifespan=vie,
    )


def _frein(settings: ApiSettings, nombre: int, secondes: int) -> RateLimiter:
    return RateLimiter(nombre / secondes, nombre, settings.essais_suivis_max)


async def main() -> None:
    """Serve until told to stop."""
    settings = ApiSettings()
    await serve(create_app(settings), settings)
