"""What differs in the catalogue between two instants, one formation at a time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from contracts.evenements import Etat
from services.enrich.domain.historique import Ecarts, cumuler


class Nature(StrEnum):
    """What happened to a formation between two instants, however often in between."""

    CREEE = "creee"
    RETABLIE = "retablie"
    RETIREE = "retiree"
    REMPLACEE = "remplacee"
    MODIFIEE = "modifiee"


@dataclass(frozen=True, slots=True)
class Bouts:
    """Where a formation belongs at an instant: its state, its académie."""

    etat: str
    num_academie: str | None


@dataclass(frozen=True, slots=True)
class Entree:
    """A change: when, and its fields."""

    le: datetime
    champs: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """One formation that differs. `champs` are none for one that is new in the catalogue."""

    nature: Nature
    num_academie: str | None
    de_l_academie: str | None
    derniere: datetime
    champs: Ecarts


def avant(apres: Bouts, entrees: Iterable[Mapping[str, Any]]) -> Bouts:
    """Return what was before changes, given oldest first, that led to this."""
    anciens: dict[str, Any] = {}
    for champs in entrees:
        for nom in ("etat", "num_academie"):
            if nom in champs:
                anciens.setdefault(nom, champs[nom][0])
    return Bouts(anciens.get("etat", apres.etat), anciens.get("num_academie", apres.num_academie))


def creation(fin: Bouts, creee_le: datetime) -> Difference | None:
    """Return what a formation made since the first instant is at the second."""
    if fin.etat != Etat.ACTIVE:
        return None
    return Difference(Nature.CREEE, fin.num_academie, None, creee_le, {})


def difference(fin: Bouts, entrees: list[Entree]) -> Difference | None:
    """Return what a formation went through, from its changes between both, oldest first.

    None when it lives at neither instant, or is at both what it was.
    """
    champs = cumuler(entree.champs for entree in entrees)
    debut = avant(fin, (entree.champs for entree in entrees))
    nature = _nature(debut.etat, fin.etat)
    if nature is None or (nature is Nature.MODIFIEE and not champs):
        return None
    return Difference(nature, fin.num_academie, debut.num_academie, entrees[-1].le, champs)


def concerne(une: Difference, academie: str | None) -> bool:
    """Tell whether a difference is one of an académie: the offer is or was in it."""
    return academie is None or academie in {une.num_academie, une.de_l_academie}


def _nature(debut: str, fin: str) -> Nature | None:
    if fin == Etat.ACTIVE:
        return Nature.MODIFIEE if debut == Etat.ACTIVE else Nature.RETABLIE
    if debut != Etat.ACTIVE:
        return None
    return Nature.REMPLACEE if fin == Etat.REMPLACEE else Nature.RETIREE
