"""What the use cases are given, and how an account is told to the other services."""

from dataclasses import dataclass
from datetime import timedelta

from services.acces.domain.comptes import Compte
from services.acces.ports import Comptes, Courrier, Hachage
from services.kernel.auth import Identity
from services.kernel.clock import Clock
from services.kernel.ids import Ids


@dataclass(frozen=True, slots=True)
class Moyens:
    """The ports, time and identifiers; how long one-time links last and where they lead."""

    comptes: Comptes
    hachage: Hachage
    courrier: Courrier
    horloge: Clock
    ids: Ids
    invitation: timedelta
    oubli: timedelta
    adresse: str

    def lien(self, jeton: str) -> str:
        """Return the link that a mail bears; what follows `#` is sent to no server nor logged."""
        return f"{self.adresse.rstrip('/')}/mot-de-passe#jeton={jeton}"


def identite(compte: Compte) -> Identity:
    """Return what a session of an account tells to every service."""
    return Identity(
        key_id=compte.id,
        label=compte.profil.nom,
        role=compte.profil.role.value,
        scopes=frozenset(compte.profil.portees),
        titulaire=compte.id,
    )
