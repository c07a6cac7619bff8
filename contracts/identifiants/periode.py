"""The months in which an offer starts (domain.md §1.3, §1.5): `periode`, and the years it touches.

A delivery gives a list, or one text whose months are separated by `##` or a vertical bar.
"""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from contracts.identifiants.textes import texte

PREMIERE_ANNEE: Final = 2020
"""Years before the catalogue itself are no tags."""

_SEPARATEURS: Final = re.compile(r"##|\|")
_MOIS: Final = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])(?:-[0-9]{2})?(?:T.*)?", re.ASCII)
_MOIS_FRANCAIS: Final = re.compile(r"(0?[1-9]|1[0-2])/([0-9]{4})", re.ASCII)
_ANNEE_SCOLAIRE: Final = re.compile(
    r"(?:[^0-9]*\s)?([12][0-9]{3})\s*(?:[-/–]|à|et)\s*([12][0-9]{3}|[0-9]{2})", re.ASCII
)
_ANNEES_SCOLAIRES_MAX: Final = 3
_NOMS: Final = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


class Periode(NamedTuple):
    """Months read, distinct and ascending, and the texts in which no month could be read."""

    mois: list[str]
    illisibles: list[str]


def morceaux(valeur: object, *, vides: bool = False) -> list[str]:
    """Return the elements of a list, or of a text with the separators of the deliveries.

    Empty ones are left out, unless their rank matters (`vides`).
    """
    elements = valeur if isinstance(valeur, list | tuple) else (valeur,)
    return [
        morceau.strip()
        for element in elements
        for morceau in _SEPARATEURS.split(texte(element))
        if vides or morceau.strip()
    ]


def lire(valeur: object) -> Periode:
    """Return the months of a `periode`; nothing given is an empty period."""
    mois: set[str] = set()
    illisibles: list[str] = []
    for morceau in morceaux(valeur):
        lu = _un_mois(morceau)
        if lu is None:
            illisibles.append(morceau)
        else:
            mois.add(lu)
    return Periode(sorted(mois), illisibles)


def annee_scolaire(morceau: str) -> int | None:
    """Return the year in which a school year begins (`2021-2022`, `2021/22`), else None.

    A text may span up to three of them (`2021-2023`), and then means the first.
    """
    trouve = _ANNEE_SCOLAIRE.fullmatch(morceau.strip())
    if trouve is None:
        return None
    debut, fin = int(trouve[1]), int(trouve[2][-2:])
    return debut if 1 <= (fin - debut) % 100 <= _ANNEES_SCOLAIRES_MAX else None


def tags(valeur: object) -> list[str]:
    """Return the years of a period from 2020 on, distinct and ascending."""
    return annees(lire(valeur).mois)


def annees(mois: Iterable[str]) -> list[str]:
    """Return the years of months already read, from 2020 on, distinct and ascending."""
    return sorted({annee for m in mois if int(annee := m[:4]) >= PREMIERE_ANNEE})


def lignes(valeur: object) -> list[str]:
    """Return what a page shows: a line per year, then one per text that could not be read (§5)."""
    lue = lire(valeur)
    par_annee: dict[str, list[str]] = {}
    for mois in lue.mois:
        par_annee.setdefault(mois[:4], []).append(_NOMS[int(mois[5:]) - 1])
    lisibles = [f"{annee} : {', '.join(noms)}" for annee, noms in par_annee.items()]
    return lisibles + [f"Période invalide : {morceau}" for morceau in lue.illisibles]


def _un_mois(morceau: str) -> str | None:
    if trouve := _MOIS.fullmatch(morceau):
        return f"{trouve[1]}-{trouve[2]}"
    if trouve := _MOIS_FRANCAIS.fullmatch(morceau):
        return f"{trouve[2]}-{trouve[1].zfill(2)}"
    return None
