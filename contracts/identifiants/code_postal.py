"""The French post code (domain.md §1.1): five digits."""

import re
from typing import Final

from contracts.identifiants.textes import compact

_FORME: Final = re.compile(r"[0-9]{5}", re.ASCII)
_ZERO_PERDU: Final = re.compile(r"[0-9]{4}", re.ASCII)
_DEBUT_HAUTE_CORSE: Final = "202"


def est_valide(texte: object) -> bool:
    """Tell whether a text has the form of a post code."""
    return isinstance(texte, str) and _FORME.fullmatch(texte) is not None


def normaliser(valeur: object) -> str | None:
    """Return the five digits meant (four digits have lost their zero), or None."""
    lu = compact(valeur)
    if _FORME.fullmatch(lu):
        return lu
    return "0" + lu if _ZERO_PERDU.fullmatch(lu) else None


def departement(code: object) -> str | None:
    """Return the département that a post code is served from; None when malformed.

    Post codes follow the mail: a few communes are served from the next département.
    """
    if not isinstance(code, str) or not est_valide(code):
        return None
    if code[:2] in {"97", "98"}:
        return code[:3]
    if code[:2] == "20":
        return "2A" if code[:3] < _DEBUT_HAUTE_CORSE else "2B"
    return code[:2]
