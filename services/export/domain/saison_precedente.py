"""Why an offer of last season's perimeter is no longer there (domain.md §6)."""

from collections.abc import Callable, Mapping
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


def disparition(document: Formation | None, plateforme: str) -> Cause | None:
    """Return why an offer of last season's perimeter, as stored now, vanished; None if it is there.

    It is there while active, in the flux, in the perimeter and with a session. One that a newer
    offer replaced is to be judged by its successor.
    """
    if document is None:
        return Cause.FERMEE
    projection = document["projection"]
    eligibilite = (document.get("eligibilites") or {}).get(plateforme) or {}
    perimetre, session = eligibilite.get("perimetre"), eligibilite.get("session")
    # The perimeter says nothing of the flux: an offer that left keeps its own (§3.4 a).
    presente = projection.get("etat", "active") == "active" and projection.get("published")
    if presente and perimetre and session:
        return None
    formation = {
        **projection,
        "published": bool(presente),
        "perimetre": perimetre,
        "session": session,
    }
    return cause(formation, sans_session)
