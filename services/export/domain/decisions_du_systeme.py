"""What the system decides by a rule of the field: a decision like another, journaled like another.

Its nature tells the rule: `remplacer` (domain.md §3.6), `echeance` and `reconduire` (§3.7).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from contracts.statuts import Plateforme, Statut
from services.export.domain.statut import Nature

Document = dict[str, Any]

SYSTEME: Final = "système"


@dataclass(frozen=True, slots=True)
class Prise:
    """A decision to be taken: by which rule, with which status, in which campaign, when."""

    nature: Nature
    statut: Statut | None
    campagne: str
    instant: datetime
    auteur: str = SYSTEME
    motif: str | None = None
    precision: str | None = None


def prendre(
    document: Document, plateforme: Plateforme, prise: Prise, **precisions: object
) -> Document:
    """Take a decision on an offer under its next number; return its entry of the journal.

    The id of the entry follows from what it is about: written twice, it is the same.
    """
    nom = plateforme.value
    decisions = document.get("decisions") or {}
    decision = {
        "numero": (decisions.get(nom) or {}).get("numero", 0) + 1,
        "statut": prise.statut.value if prise.statut else None,
        "campagne": prise.campagne,
        "auteur": prise.auteur,
        "prise_le": prise.instant,
        "motif": prise.motif,
        "precision": prise.precision,
        "nature": prise.nature.value,
    }
    document["decisions"] = {**decisions, nom: decision}
    return {
        "_id": f"{document['_id']}.{nom}.{decision['numero']:06}",
        "formation": document["_id"],
        "plateforme": nom,
        "depuis": document["publication"]["plateformes"][nom]["statut"],
        "tag": None,
        **decision,
        **precisions,
    }


def oublier_identifiant(document: Document, plateforme: Plateforme) -> str | None:
    """Clear the identifier that a platform gave to an offer; return it."""
    retours = document.get("retours") or {}
    retour = retours.get(plateforme.value)
    if retour is None or not retour.get("identifiant"):
        return None
    document["retours"] = {**retours, plateforme.value: {**retour, "identifiant": None}}
    identifiant: str = retour["identifiant"]
    return identifiant
