"""The findings that a deposited line can receive: one stable code each (design.md §4).

Collect raises what a line says by itself, enrich what needs reference tables. Messages are for a
CFA secretary; `{valeur}` and `{proposition}` are filled from the finding.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Gravite(StrEnum):
    """What a finding does to its offer."""

    REFUS = "refus"
    BLOQUANT = "bloquant"
    A_CORRIGER = "a_corriger"
    INFORMATION = "information"


@dataclass(frozen=True, slots=True)
class Definition:
    """A kind of finding: its severity, its French message, what the reader should do."""

    code: str
    gravite: Gravite
    message: str
    que_faire: str


_TABLE: Final[tuple[Definition, ...]] = (
    # -- unreadable or unusable: the line is not stored
    Definition(
        "ligne_illisible",
        Gravite.REFUS,
        "La ligne n'est pas lisible : {valeur}.",
        "Vérifiez le format du fichier à cette ligne puis déposez-la de nouveau.",
    ),
)

CATALOGUE: Final[dict[str, Definition]] = {definition.code: definition for definition in _TABLE}
