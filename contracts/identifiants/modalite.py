"""Durée, année and capacité of an offer (domain.md §1.1, §1.3): texts that hold small integers.

`X` means not collected yet. Année 9 exists on Parcoursup, so any single digit but 0 is an année.
"""

import re
from typing import Final, NamedTuple

from contracts.identifiants.textes import compact, texte

NON_COLLECTE: Final = "X"

_CHIFFRE: Final = re.compile(r"0*([1-9])(?:ANS?|ANN[EÉ]ES?|[EÈ]RE|[EÈ]ME|E)?", re.ASCII)
_MOIS: Final = re.compile(r"0*([1-9][0-9]?)(MOIS)?", re.ASCII)
_MOIS_PAR_AN: Final = 12
_MOIS_MAX: Final = 72
_ENTIER: Final = re.compile(r"[0-9]{1,6}", re.ASCII)
_NOMBRE: Final = re.compile(r"(?<![0-9.,-])[0-9]{1,6}(?![0-9.,])", re.ASCII)
_BLANCS: Final = re.compile(r"\s+")


def normaliser(valeur: object) -> str | None:
    """Return `1` to `9` or `X` for a durée or an année as typed; None when unreadable or absent."""
    lu = compact(valeur)
    if lu == NON_COLLECTE:
        return lu
    trouve = _CHIFFRE.fullmatch(lu)
    return trouve[1] if trouve else None


class Mois(NamedTuple):
    """A durée given in months: how many years it makes, rounded up, and what is sure of it.

    `exact` when the months make whole years, `dit` when the text itself says that they are months.
    """

    annees: str
    exact: bool
    dit: bool


def en_mois(valeur: object) -> Mois | None:
    """Return what a durée that is no number of years says in months, from 3 months to 6 years."""
    trouve = _MOIS.fullmatch(compact(valeur))
    nombre = int(trouve[1]) if trouve else 0
    dit = bool(trouve and trouve[2])
    if not (3 if dit else _MOIS_PAR_AN) <= nombre <= _MOIS_MAX:
        return None
    return Mois(str(-(-nombre // _MOIS_PAR_AN)), nombre % _MOIS_PAR_AN == 0, dit)


def en_nombre(code: str | None) -> int | None:
    """Return the number of a normalised durée or année; None while it is not collected."""
    return None if code is None or code == NON_COLLECTE else int(code)


def capacite(valeur: object) -> int | None:
    """Return the number of places that a text gives; None when it gives no whole number.

    No place at all (0) is a number, which an empty text is not.
    """
    lu = _BLANCS.sub("", texte(valeur))
    return int(lu) if _ENTIER.fullmatch(lu) else None


def places_dans(valeur: object) -> int | None:
    """Return the only whole number that a sentence holds; None for none or several."""
    trouves = _NOMBRE.findall(texte(valeur))
    return int(trouves[0]) if len(trouves) == 1 else None
