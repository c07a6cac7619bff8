"""Reads a file of rules: what is kept, what is set aside and why (domain.md §3.2)."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from services.export.domain.regles import RegleRefusee, lire_regle
from services.export.domain.regles_identite import IDENTITE, racine

_GARDES: Final = (
    *IDENTITE,
    "statut",
    "condition_integration",
    "statut_academies",
    "regle_complementaire_query",
)


@dataclass(frozen=True, slots=True)
class Ecartee:
    """A rule that is not applied: its rank in the file from 1, and the reason."""

    rang: int
    raison: str


@dataclass(slots=True)
class Lecture:
    """The rules to apply by id, those set aside, and how many the file marks as deleted."""

    regles: dict[str, dict[str, Any]] = field(default_factory=dict)
    ecartees: list[Ecartee] = field(default_factory=list)
    supprimees: int = 0


def lire_fichier(documents: Iterable[object]) -> Lecture:
    """Judge each document; one that cannot be applied whole is set aside, never applied in part.

    A document without `id` gets one from what it is about, so that loading the file again, in any
    order, finds the same rules.
    """
    lecture = Lecture()
    rangs: Counter[str] = Counter()
    for rang, document in enumerate(_ordonner(documents), 1):
        place, contenu = document
        if not isinstance(contenu, dict):
            lecture.ecartees.append(Ecartee(place, "un objet est attendu"))
            continue
        if contenu.get("is_deleted"):
            lecture.supprimees += 1
            continue
        try:
            lire_regle(contenu, id=str(rang))
        except RegleRefusee as refus:
            lecture.ecartees.append(Ecartee(place, str(refus)))
            continue
        identifiant = _identifiant(contenu, rangs)
        if identifiant in lecture.regles:
            lecture.ecartees.append(Ecartee(place, f"identifiant « {identifiant} » déjà employé"))
            continue
        lecture.regles[identifiant] = {
            champ: contenu[champ] for champ in _GARDES if contenu.get(champ) is not None
        }
    lecture.ecartees.sort(key=lambda ecartee: ecartee.rang)
    return lecture


def _ordonner(documents: Iterable[object]) -> list[tuple[int, object]]:
    """Return the documents with their rank, in an order that does not depend on it."""
    return sorted(
        enumerate(documents, 1),
        key=lambda place: json.dumps(place[1], sort_keys=True, default=str),
    )


def _identifiant(contenu: dict[str, Any], rangs: Counter[str]) -> str:
    propre = contenu.get("id") or contenu.get("_id")
    if isinstance(propre, str) and propre:
        return propre
    base = racine(contenu)
    rangs[base] += 1
    return base if rangs[base] == 1 else f"{base}-{rangs[base]}"
