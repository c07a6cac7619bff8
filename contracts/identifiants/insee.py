"""The INSEE code of a commune (domain.md §1.1): two digits, 2A or 2B, then three digits."""

import re
from typing import Final

from contracts.identifiants.textes import compact

_FORME: Final = re.compile(r"(?:[0-9]{2}|2[AB])[0-9]{3}", re.ASCII)
_ZERO_PERDU: Final = re.compile(r"[0-9]{4}", re.ASCII)


def est_valide(texte: object) -> bool:
    """Tell whether a text has the form of a commune's code."""
    return isinstance(texte, str) and _FORME.fullmatch(texte) is not None


def normaliser(valeur: object) -> str | None:
    """Return the five characters meant (four digits have lost their zero), or None."""
    lu = compact(valeur)
    if _FORME.fullmatch(lu):
        return lu
    return "0" + lu if _ZERO_PERDU.fullmatch(lu) else None


def departement(code: object) -> str | None:
    """Return the département of a commune: two characters, three overseas; None when malformed."""
    if not isinstance(code, str) or not est_valide(code):
        return None
    return code[:3] if code[:2] in {"97", "98"} else code[:2]
