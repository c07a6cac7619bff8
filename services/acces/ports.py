"""What the use cases of acces need of the outside."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from services.acces.domain.comptes import Compte, Etape
from services.acces.domain.courriels import Courriel
from services.kernel.auth import Identity

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether a password is the right one, and whether its stored hash has become too cheap."""

    juste: bool
    a_refaire: bool = False


class Hachage(Protocol):
    """The one way to store a password."""

    async def hacher(self, mot_de_passe: str) -> str:
        """Return what is stored; raises `Unavailable` when too many wait."""
        ...

    async def verifier(self, mot_de_passe: str, empreinte: str | None) -> Verification:
        """Compare; without a hash, do the same work and say no."""
        ...


class Transaction(Protocol):
    """Reads from one snapshot and writes that are seen together or never."""

    async def compte(self, identifiant: str) -> Compte | None:
        """Return an account by its id."""
        ...

    async def creer(self, compte: Compte) -> None:
        """Keep a new account; raises `Conflict` when one of its names is taken."""
        ...

    async def remplacer(self, compte: Compte) -> None:
        """Keep what an account has become; raises `Conflict` when one of its names is taken."""
        ...

    async def journaliser(self, compte: Compte) -> None:
        """Append what an account has become to its history, which is never rewritten."""
        ...

    async def autres_administrateurs(self, identifiant: str) -> int:
        """Return how many active administrators there are beside this account.

        Two transactions that ask cannot both commit.
        """
        ...

    async def ouvrir_session(self, porteur: Identity) -> str:
        """Open a session and return its token."""
        ...

    async def fermer_sessions(self, identifiant: str) -> None:
        """End all the sessions of an account."""
        ...

    async def informer_sessions(self, porteur: Identity) -> None:
        """Have the open sessions of an account tell what it has become."""
        ...

    async def emettre_jeton(self, identifiant: str, expire_le: datetime) -> str:
        """Return a new one-time token by which the holder of an account chooses a password."""
        ...

    async def prendre_jeton(self, jeton: str, instant: datetime) -> str | None:
        """Use a token up and return the account's id; None when it is unknown, used or too old."""
        ...

    async def oublier_jetons(self, identifiant: str) -> None:
        """Make all the tokens of an account useless."""
        ...


class Comptes(Protocol):
    """The accounts."""

    async def transaction(self, travail: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run `travail` in a transaction; it may be run again from a new snapshot."""
        ...

    async def par_nom(self, forme: str) -> Compte | None:
        """Return the account that signs in under a name, given in its compared form."""
        ...

    async def par_id(self, identifiant: str) -> Compte | None:
        """Return an account by its id."""
        ...

    async def lister(self, *, debut: str, actifs: bool | None, limite: int) -> list[Compte]:
        """Return accounts by name: all, or those (in)active, whose sign-in begins so."""
        ...

    async def historique(self, identifiant: str) -> list[Etape]:
        """Return what an account has been, the latest first."""
        ...

    async def rehacher(self, identifiant: str, avant: str, apres: str) -> None:
        """Replace the hash of a password that stays the same, if it is still the one given."""
        ...


class Courrier(Protocol):
    """Takes mails to people."""

    async def envoyer(self, nom: str, adresse: str, courriel: Courriel) -> None:
        """Return once it is on its way; raises `Retry` or `Undeliverable`."""
        ...

    def joignable(self, adresse: str) -> bool:
        """Tell whether a text is an address to which it can write."""
        ...
