"""Durée, année and capacité of an offer (domain.md §1.1, §1.3): texts that hold small integers.

`X` means not collected yet. Année 9 exists on Parcoursup, so any single digit but 0 is an année.
"""

import re
from typing import Final

from contracts.identifiants.textes import compact, texte

NON_COLLECTE: Final = "X"

_CHIFFRE: Final = re.compile(r"0*([1-9])(?:ANS?|ANNEES?|ERE|EME|E)?", re.ASCII)
_ENTIER: Final = re.compile(r"[0-9]{1,6}", re.ASCII)
_BLANCS: Final = re.compile(r"\s+")


def normaliser(valeur: object) -> str | None:
    """Return `1` to `9` or `X` for a durée or an année as typed; None when unreadable or absent."""
    lu = compact(valeur)
    if lu == NON_COLLECTE:
        return lu
    trouve = _CHIFFRE.fullmatch(lu)
    return trouve[1] if trouve else None


def en_nombre(code: str | None) -> int | None:
    """Return the number of a normalised durée or année; None while it is not collected."""
    return None if code is None or code == NON_COLLECTE else int(code)


def capacite(valeur: object) -> int | None:
    """Return the number of places that a text gives; None when it gives no whole number."""
    lu = _BLANCS.sub("", texte(valeur))
    return int(lu) if _ENTIER.fullmatch(lu) else None
