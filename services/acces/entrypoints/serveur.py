"""What the routes use, opened with the application and kept in `app.state`."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Request, Response

from services.acces.domain.comptes import forme
from services.acces.settings import ApiSettings
from services.acces.usecases.moyens import Moyens
from services.kernel import cookies
from services.kernel.auth import address, public
from services.kernel.limits import RateLimiter
from services.kernel.sessions import SessionStore


@dataclass(frozen=True, slots=True)
class Serveur:
    """The means of the use cases, the sessions, and what slows down those who try."""

    settings: ApiSettings
    moyens: Moyens
    sessions: SessionStore
    essais: RateLimiter
    oublis: RateLimiter

    def compter_un_essai(self, request: Request, nom: str | None = None) -> None:
        """Raise `TooMany` when an address, or a name, existing or not, is tried too often."""
        self.essais.take(f"adresse:{address(request)}")
        if nom is not None:
            self.essais.take(f"nom:{forme(nom)}")


def _serveur(request: Request) -> Serveur:
    serveur: Serveur = request.app.state.serveur
    return serveur


Ici = Annotated[Serveur, Depends(_serveur)]


def _sans_copie(response: Response) -> None:
    response.headers["Cache-Control"] = "no-store"


PERSONNEL: Final = [Depends(_sans_copie)]
"""Of every route of acces: no answer is kept on the way."""

OUVERTE: Final = [Depends(public), Depends(cookies.refuse_foreign_writes)]
"""Of a route for who has not signed in yet; another site's page cannot sign its visitor in."""
