"""Why a formation changed, and by whose hand: what an entry of its history tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from services.enrich.domain.evenement import Evenement

SYSTEME: Final = "catalogue"
"""The author of what no person asked for."""


class Nature(StrEnum):
    """What made a formation change; the first three are `contracts.evenements.Operation`."""

    DEPOT = "depot"
    RETRAIT = "retrait"
    SUCCESSION = "succession"
    EDITION = "edition"
    REFERENCES = "references"
    JOUR = "jour"
    REGLES = "regles"
    DEMANDE = "demande"
    GEOCODAGE = "geocodage"


@dataclass(frozen=True, slots=True)
class Cause:
    """The reason of a change. `detail` names a version, a day, a reason given by a person."""

    nature: str
    auteur: str
    origine: Mapping[str, Any] | None = None
    detail: Mapping[str, Any] | None = None


def cause_de(evenement: Evenement) -> Cause:
    """Return the reason of a change that an offer event made."""
    return Cause(evenement.operation, evenement.deposant, evenement.origine)
