"""How a value typed by a person or a spreadsheet becomes a text that identifiers can be read in."""

import re
from typing import Final

_HORS_CODE: Final = re.compile(r"[\W_]+")


def texte(valeur: object) -> str:
    """Return the text of a scalar, trimmed; empty for what cannot name anything (None, booleans).

    A whole number that went through a floating-point cell (`1.0`) is written without its decimals.
    """
    if isinstance(valeur, str):
        return valeur.strip()
    if isinstance(valeur, float) and valeur.is_integer():
        return str(int(valeur))
    if isinstance(valeur, int | float) and not isinstance(valeur, bool):
        return str(valeur)
    return ""


def compact(valeur: object) -> str:
    """Return the upper-cased letters and digits of a value, without blanks nor punctuation."""
    lu = texte(valeur)
    if lu.isascii() and lu.isalnum():
        return lu.upper()
    return _HORS_CODE.sub("", lu).upper()
