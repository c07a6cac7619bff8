"""An event of the topic `offres`, as enrich reads it (`contracts.evenements.OffreV1`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from contracts.evenements import Operation

_OPERATIONS: Final = frozenset(operation.value for operation in Operation)


class Illisible(Exception):
    """The data is not that of an offer event; the message, in French, says which part."""


@dataclass(slots=True)
class Evenement:
    """What was asked of an offer. Treated as immutable; not frozen, which would double its cost."""

    id: str
    sequence: int
    operation: str
    depot: str | None
    ligne: int | None
    essai: bool
    deposant: str
    recue_le: str
    empreinte: str
    motif: str | None
    remplacee_par: str | None
    predecesseurs: list[str]
    anciennes_cles: list[str]
    offre: dict[str, Any]
    constats: list[dict[str, Any]]

    @property
    def origine(self) -> dict[str, Any] | None:
        """Return the line of a deposit that caused the event."""
        return None if self.depot is None else {"depot": self.depot, "ligne": self.ligne}


def lire_evenement(donnees: Mapping[str, Any]) -> Evenement:
    """Return the event of a decoded record.

    Raises `Illisible` when a part that decides what is written, and where, is not of its kind.
    Collect has validated the rest at its entrance.
    """
    lire = donnees.get
    identifiant, sequence = lire("id"), lire("sequence")
    offre, origine = lire("offre"), lire("origine")
    _exiger(isinstance(identifiant, str) and identifiant, "id")
    _exiger(isinstance(sequence, int) and sequence > 0, "sequence")
    _exiger(lire("operation") in _OPERATIONS, "operation")
    _exiger(isinstance(offre, dict) and offre, "offre")
    _exiger(isinstance(lire("deposant"), str), "deposant")
    _exiger(isinstance(lire("constats", []), list), "constats")
    _exiger(origine is None or _est_une_ligne(origine), "origine")
    return Evenement(
        donnees["id"],
        donnees["sequence"],
        donnees["operation"],
        origine["depot"] if origine else None,
        origine["ligne"] if origine else None,
        lire("essai") is True,
        donnees["deposant"],
        lire("recue_le", ""),
        lire("empreinte", ""),
        lire("motif"),
        lire("remplacee_par"),
        lire("predecesseurs") or [],
        lire("anciennes_cles") or [],
        donnees["offre"],
        lire("constats") or [],
    )


def _est_une_ligne(origine: object) -> bool:
    return (
        isinstance(origine, dict)
        and isinstance(origine.get("depot"), str)
        and isinstance(origine.get("ligne"), int)
    )


def _exiger(condition: object, champ: str) -> None:
    if not condition:
        raise Illisible(f"Le champ « {champ} » de l'offre manque ou n'est pas de sa forme.")
