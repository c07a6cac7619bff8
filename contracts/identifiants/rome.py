"""ROME, the code of an occupation (domain.md §1.1): one letter and four digits."""

import re
from typing import Final

from contracts.identifiants.textes import compact

_FORME: Final = re.compile(r"[A-Z][0-9]{4}", re.ASCII)


def est_valide(texte: object) -> bool:
    """Tell whether a text is a ROME code in its normal form."""
    return isinstance(texte, str) and _FORME.fullmatch(texte) is not None


def normaliser(valeur: object) -> str | None:
    """Return the ROME code meant, or None."""
    lu = compact(valeur)
    return lu if _FORME.fullmatch(lu) else None
