"""What the public reads of one formation: every field, null where unknown, no author nor line."""

from collections.abc import Mapping
from typing import Any, Final

from contracts.evenements import PublicationPlateforme
from contracts.formation import Formation
from contracts.statuts import Plateforme, Statut

_VIDE: Final = Formation().model_dump()
_SILENCE: Final = PublicationPlateforme(
    perimetre=False, statut=Statut.NON_PUBLIABLE.value
).model_dump()
"""What export says of a formation that no platform is concerned with: nothing (decision 9)."""


def detail_public(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the whole public state of a stored document."""
    evenement = document["formation"]
    publications = document.get("publications") or {}
    return {
        "id": document["id"],
        "etat": evenement["etat"],
        "sequence": evenement["sequence"],
        "modifiee_le": evenement.get("modifiee_le"),
        "predecesseurs": evenement.get("predecesseurs") or [],
        "formation": {**_VIDE, **evenement["formation"]},
        "constats": evenement.get("constats") or [],
        "publications": {nom.value: publications.get(nom) or _SILENCE for nom in Plateforme},
    }
