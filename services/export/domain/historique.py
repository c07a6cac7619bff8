"""The history of what each platform shows of an offer: an entry when the status changes, no other.

An entry lies outside the offer, is never rewritten, and comes with the transaction that changed the
status. The first status is no entry: the offer appears with it.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

Document = dict[str, Any]


class Cause(StrEnum):
    """What made a status change."""

    LIVRAISON = "livraison"  # a new state of the formation
    REEVALUATION = "reevaluation"  # rules, campaign or day
    DECISION = "decision"
    RETOUR = "retour"  # an answer of the platform
    FAIT = "fait"  # another fact: coverage, start of a campaign


def changements(avant: Document, document: Document, cause: Cause | None) -> list[Document]:
    """Return an entry for each platform whose status is no longer that of the publication `avant`.

    Without a `cause`, it is the fact that was written at the instant of the present publication.
    """
    publication = document["publication"]
    instant = publication["modifiee_le"]
    return [
        {
            "_id": identifiant(document["_id"], publication["sequence"], plateforme),
            "formation": document["_id"],
            "plateforme": plateforme,
            "de": ancien,
            "vers": montre["statut"],
            "le": instant,
            "cause": (cause or _du_fait(document, plateforme, instant)).value,
            "explication": montre["explication"],
        }
        for plateforme, montre in publication["plateformes"].items()
        if montre["statut"] != (ancien := avant["plateformes"][plateforme]["statut"])
    ]


def identifiant(formation: str, sequence: int, plateforme: str) -> str:
    """Return the id of an entry: those of one offer follow each other in time."""
    return f"{formation}.{sequence:010}.{plateforme}"


def _du_fait(document: Document, plateforme: str, instant: datetime) -> Cause:
    decision = (document.get("decisions") or {}).get(plateforme)
    if decision is not None and decision["prise_le"] == instant:
        return Cause.DECISION
    retour = (document.get("retours") or {}).get(plateforme)
    if retour is not None and retour["recu_le"] == instant:
        return Cause.RETOUR
    return Cause.FAIT
