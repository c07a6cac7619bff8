"""What the public reads of one formation: every field, null where unknown, no author nor line."""

from collections.abc import Mapping
from typing import Any, Final

from contracts.formation import Formation

_VIDE: Final = Formation().model_dump()
_PLATEFORMES: Final = ("parcoursup", "affelnet")


def detail_public(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the whole public state of a stored document."""
    evenement = document["formation"]
    publications = document.get("publications")
    return {
        "id": document["id"],
        "etat": evenement["etat"],
        "sequence": evenement["sequence"],
        "modifiee_le": evenement.get("modifiee_le"),
        "predecesseurs": evenement.get("predecesseurs") or [],
        "formation": {**_VIDE, **evenement["formation"]},
        "constats": evenement.get("constats") or [],
        "publications": publications and {nom: publications.get(nom) for nom in _PLATEFORMES},
    }
