"""What each role may do on each platform (refdata `metier/roles.csv` and `acl.csv`).

A right says what; a scope says on which offers. Both are judged: a route names its rights, a use
case the académie of what it touches.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from contracts.portees import Role
from contracts.statuts import Plateforme

_PS: Final = Plateforme.PARCOURSUP
_AF: Final = Plateforme.AFFELNET


class Droit(StrEnum):
    """A right, held on one platform or on both."""

    VOIR_STATUT = "voir_statut"
    INSTRUIRE = "instruire"  # ask for the publication or refuse it
    MODIFIER_INFORMATIONS = "modifier_informations"  # the UAI of the place
    FORCER_ENVOI = "forcer_envoi"
    REINITIALISER = "reinitialiser"
    PRENDRE_TOUT_REJET = "prendre_tout_rejet"  # one held by somebody else as well
    LIRE_REGLES = "lire_regles"
    AJOUTER_REGLE = "ajouter_regle"
    MODIFIER_REGLE = "modifier_regle"
    SURCHARGER_REGLE = "surcharger_regle"  # an académie's own status on a rule
    CONSULTER_CONSOLE = "consulter_console"
    DEPOSER_FICHIERS = "deposer_fichiers"
    CONDUIRE_CAMPAGNE = "conduire_campagne"
    GERER_COMPTES = "gerer_comptes"


_LIRE: Final = frozenset({Droit.VOIR_STATUT, Droit.CONSULTER_CONSOLE, Droit.LIRE_REGLES})
_INSTRUIRE: Final = _LIRE | {
    Droit.INSTRUIRE,
    Droit.MODIFIER_INFORMATIONS,
    Droit.SURCHARGER_REGLE,
}
_PILOTER: Final = _LIRE | {Droit.AJOUTER_REGLE, Droit.MODIFIER_REGLE}
_TOUS: Final = frozenset(Droit)

_DROITS: Final[Mapping[str, Mapping[Plateforme, frozenset[Droit]]]] = {
    Role.ADMINISTRATEUR: {_PS: _TOUS, _AF: _TOUS},
    Role.MOSS: {_PS: _PILOTER | {Droit.REINITIALISER, Droit.PRENDRE_TOUT_REJET}},
    Role.DGESCO: {_AF: _PILOTER},
    Role.INSTRUCTEUR: {_PS: _INSTRUIRE, _AF: _INSTRUIRE},
    Role.INSTRUCTEUR_PARCOURSUP: {_PS: _INSTRUIRE},
    Role.INSTRUCTEUR_AFFELNET: {_AF: _INSTRUIRE},
    Role.LECTEUR: {_PS: _LIRE, _AF: _LIRE},
    Role.LECTEUR_PARCOURSUP: {_PS: _LIRE},
    Role.LECTEUR_AFFELNET: {_AF: _LIRE},
}


def droits(role: str, plateforme: Plateforme) -> frozenset[Droit]:
    """Return the rights of a role on a platform; none for a role that is not of the State."""
    return _DROITS.get(role, {}).get(plateforme, frozenset())


def peut(role: str, droit: Droit, plateforme: Plateforme | None = None) -> bool:
    """Tell whether a role holds a right on a platform, on any when None."""
    return any(
        droit in droits(role, une) for une in Plateforme if plateforme is None or une is plateforme
    )


def roles_ayant(*voulus: Droit, plateforme: Plateforme | None = None) -> tuple[Role, ...]:
    """Return the roles that hold one of these rights on a platform, on any when None."""
    return tuple(role for role in Role if any(peut(role, un, plateforme) for un in voulus))


INSTRUCTEURS: Final = roles_ayant(Droit.INSTRUIRE)
"""Every role that instructs offers, the administrator's included."""

LECTEURS: Final = roles_ayant(Droit.VOIR_STATUT)
"""Every role that reads the statuses of a platform at least."""
