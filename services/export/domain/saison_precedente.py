"""Why an offer of last season's perimeter is no longer there (domain.md §6)."""

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

Formation = Mapping[str, Any]


class Cause(StrEnum):
    """The first that holds, in this order."""

    FERMEE = "closed"
    QUALIOPI_PERDU = "qualiopi_lost"
    PAS_MISE_A_JOUR = "not_updated"
    AUTRE = "other"


def cause(formation: Formation | None, perimee: Callable[[Formation], bool]) -> Cause:
    """Return why an offer vanished; `perimee` is the policy of « not updated » in force."""
    if formation is None or not formation.get("published", True):
        return Cause.FERMEE
    if not formation.get("etablissement_reference_certifie_qualite"):
        return Cause.QUALIOPI_PERDU
    return Cause.PAS_MISE_A_JOUR if perimee(formation) else Cause.AUTRE


def sans_session(formation: Formation) -> bool:
    """Tell whether an offer is still in the perimeter but has no session (since 2024)."""
    return bool(formation.get("perimetre")) and not formation.get("session")


def sans_periode_a_venir(jour: date) -> Callable[[Formation], bool]:
    """Return the older policy: no period, as `AAAA-MM`, from the month of `jour` on."""
    mois = f"{jour:%Y-%m}"
    return lambda formation: not any(une[:7] >= mois for une in formation.get("periode") or ())
