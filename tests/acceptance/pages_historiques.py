"""What historic pages and jobs did that the product does otherwise, or has no page for yet.

The cases judge it; nothing of it is a rule of the product.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final

from contracts.statuts import Plateforme, Statut
from services.export.domain.edition_regles import PEUT

LIGNES_PAR_RAPPORT: Final = 250
_ACADEMIES: Final = 30
_TOUTES: Final = -1


def statut_modifiable(
    plateforme: Plateforme, condition: str, statut: Statut, *, lecteur: int | None, regle: int
) -> bool:
    """Tell whether the page let a viewer change the status of a rule.

    `lecteur` is the viewer's académie, None for a national one; `regle` that of the rule, 0 for a
    national one. The product refuses what has had no effect since 2024 (decision 22,
    `droits_regles`).
    """
    if lecteur is None:
        return True
    if plateforme is Plateforme.AFFELNET:
        return condition == PEUT
    return statut is Statut.A_PUBLIER_RECTEUR and regle in (0, lecteur)


def academies_offertes(academies: Iterable[int], *, administrateur: bool) -> int:
    """Return how many académies the rule pages offered to a user, the national view included."""
    portee = set(academies)
    return _ACADEMIES + 1 if administrateur or _TOUTES in portee else len(portee)


def sans_periode_a_venir(jour: date) -> Callable[[Mapping[str, Any]], bool]:
    """Return the policy of « not updated » before 2024: no period from the month of `jour` on."""
    mois = f"{jour:%Y-%m}"
    return lambda formation: not any(une[:7] >= mois for une in formation.get("periode") or ())
