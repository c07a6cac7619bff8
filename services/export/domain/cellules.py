"""Cells of the académies' tables: how a value of a stored offer is written (historic columns)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Final

from services.kernel.french import PARIS

Document = Mapping[str, Any]
Cellule = str | date | None
Lecture = Callable[[Document], Cellule]

REPONSES: Final = {True: "OUI", False: "NON", None: "N/A"}
"""How a fact is written; None is not known."""


@dataclass(frozen=True, slots=True)
class Colonne:
    """A column: its historic title, its cell; `admin` ones are for administrators alone."""

    titre: str
    lire: Lecture
    admin: bool = False


def valeur(document: Document, chemin: str) -> Any:  # noqa: ANN401 - a value as stored
    """Return what is at a dotted path, None when it is not there."""
    lu: Any = document
    for nom in _noms(chemin):
        lu = lu.get(nom) if isinstance(lu, dict) else None
    return lu


@cache
def _noms(chemin: str) -> tuple[str, ...]:
    return tuple(chemin.split("."))


def texte(chemin: str) -> Lecture:
    """Read a text, a list joined by commas; codes keep their zeros, words their accents."""

    def lire(document: Document) -> Cellule:
        lu = valeur(document, chemin)
        if isinstance(lu, list):
            return ", ".join(map(str, lu)) or None
        return None if lu is None else str(lu)

    return lire


def du(champ: str) -> Lecture:
    """Read a field of the formation."""
    return texte(f"projection.{champ}")


def oui_non(chemin: str) -> Lecture:
    """Read a fact as OUI, NON, or N/A when it is not known."""
    return lambda document: REPONSES[_booleen(valeur(document, chemin))]


def le_jour(chemin: str) -> Lecture:
    """Read a civil date, or the day in Paris of an instant."""

    def lire(document: Document) -> Cellule:
        lu = valeur(document, chemin)
        if isinstance(lu, datetime):
            return lu.astimezone(PARIS).date()
        return en_date(lu)

    return lire


def en_date(lu: object) -> date | None:
    """Return a civil date as stored; what is none is unknown."""
    if not isinstance(lu, str):
        return None
    try:
        return date.fromisoformat(lu[:10])
    except ValueError:
        return None


def jour_francais(jour: date) -> str:
    """Return a date as it is read in France."""
    return f"{jour:%d/%m/%Y}"


def rien(document: Document) -> Cellule:
    """Read what this service does not hold."""
    del document
    return None


def _booleen(lu: object) -> bool | None:
    return lu if isinstance(lu, bool) else None
