"""Who may do what to a rule: national ones by holders of the right, académies their override.

A refusal tells why and what would be needed, in the same words for the list of actions and for the
call that is refused (domain.md §3.2, §3.7).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contracts.droits import Droit, peut
from contracts.statuts import Plateforme
from services.export.domain.acces import AccesRefuse, exiger_droit
from services.export.domain.vie_regles import ActeRefuse, verifier_surchargeable


@dataclass(frozen=True, slots=True)
class Personne:
    """Who asks: a role, and whether the scope is national or bound to académies."""

    role: str
    academies: frozenset[int] | None

    @property
    def nationale(self) -> bool:
        """Tell whether the scope is the whole country."""
        return self.academies is None

    def couvre(self, academie: int) -> bool:
        """Tell whether an académie is in the scope."""
        return self.academies is None or academie in self.academies


@dataclass(frozen=True, slots=True)
class Refus:
    """Why an action is not possible, and what would be needed."""

    code: str
    raison: str
    que_faire: str


def refus_d_ecriture(personne: Personne, droit: Droit, plateforme: Plateforme) -> Refus | None:
    """Return why a person may not create (`AJOUTER_REGLE`) or change (`MODIFIER_REGLE`) a rule."""
    sans_droit = _sans_droit(personne, droit, plateforme)
    if sans_droit is not None:
        return sans_droit
    if not personne.nationale:
        return Refus(
            "portee_nationale_requise",
            "Les règles se créent et se modifient avec une portée nationale.",
            "Une académie ne donne que son propre statut, sur une règle « à définir » d'Affelnet.",
        )
    return None


def refus_de_surcharge(
    personne: Personne, contenu: Mapping[str, Any], academie: int | None
) -> Refus | None:
    """Return why a person may not give the status of an académie (None: of any) on a rule."""
    plateforme = Plateforme(contenu["plateforme"])
    national = peut(personne.role, Droit.MODIFIER_REGLE, plateforme) and personne.nationale
    sans_droit = _sans_droit(personne, Droit.SURCHARGER_REGLE, plateforme)
    if sans_droit is not None and not national:
        return sans_droit
    if academie is not None and not personne.couvre(academie):
        return Refus(
            "autre_academie",
            f"L'académie {academie:02} n'est pas la vôtre.",
            "Seule une personne de cette académie, ou un responsable national, le peut.",
        )
    try:
        verifier_surchargeable(contenu)
    except ActeRefuse as refus:
        return Refus(refus.code, refus.raison, refus.que_faire)
    return None


def _sans_droit(personne: Personne, droit: Droit, plateforme: Plateforme) -> Refus | None:
    try:
        exiger_droit(personne.role, (droit,), plateforme)
    except AccesRefuse as refus:
        return Refus(refus.code, refus.raison, refus.que_faire)
    return None
