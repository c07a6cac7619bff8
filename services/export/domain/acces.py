"""Who may touch an offer: the right on a platform, then the académie (domain.md §3.7, §5)."""

from collections.abc import Callable
from dataclasses import dataclass

from contracts.droits import Droit, peut, roles_ayant
from contracts.statuts import Plateforme
from services.export.domain.decisions import DecisionRefusee


class AccesRefuse(DecisionRefusee):
    """Not possible for this person, whatever the state of the offer."""


@dataclass(frozen=True, slots=True)
class Acteur:
    """Who acts: a stable holder, whether an académie is theirs, and their role."""

    titulaire: str
    couvre: Callable[[str | None], bool]
    role: str


def exiger_droit(role: str, voulus: tuple[Droit, ...], plateforme: Plateforme) -> None:
    """Return if the role holds one of these rights on the platform.

    Raises:
        AccesRefuse: it does not; names the right and the roles that hold it.
    """
    if any(peut(role, un, plateforme) for un in voulus):
        return
    detenteurs = ", ".join(roles_ayant(*voulus, plateforme=plateforme))
    raise AccesRefuse(
        "droit_absent",
        f"Le rôle « {role} » n'a pas le droit « {voulus[0]} » sur {plateforme.capitalize()}.",
        f"Rôles qui l'ont : {detenteurs}."
        if detenteurs
        else "Ce droit n'existe pas sur cette plateforme.",
    )


def exiger_academie(acteur: Acteur, academie: str | None) -> None:
    """Return if the offer's académie is the person's.

    Raises:
        AccesRefuse: it is another's, or unknown.
    """
    if acteur.couvre(academie):
        return
    raise AccesRefuse(
        "autre_academie",
        f"Cette offre est de l'académie {academie or 'inconnue'}, qui n'est pas la vôtre.",
        "Adressez-vous à cette académie, ou à un rôle national."
        if academie
        else "Faites corriger le lieu de l'offre : son académie en découle.",
    )
