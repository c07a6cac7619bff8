"""Names of communes as people type them, brought to one form so that they can be compared."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

_CEDEX: Final = re.compile(r"\bCEDEX\b.*")
_SEPARE: Final = re.compile(r"[^A-Z0-9]+")
_ABREGES: Final = {"ST": "SAINT", "STE": "SAINTE", "S": "SUR"}
_ARRONDISSEMENT: Final = re.compile(r"\b(\d{1,2})(?:E|ER|EME|ND)?(?: ARRONDISSEMENT)?$")


@lru_cache(maxsize=32_768)
def forme_de_nom(nom: str) -> str:
    """Return a name without accents, case, punctuation, CEDEX or abbreviation.

    Cached: the same communes and certifiers are compared again and again.
    """
    decompose = unicodedata.normalize("NFD", nom.upper().replace("Œ", "OE"))
    sans_accent = "".join(lettre for lettre in decompose if not unicodedata.combining(lettre))
    mots = _SEPARE.split(_CEDEX.sub("", sans_accent))
    forme = " ".join(_ABREGES.get(mot, mot) for mot in mots if mot)
    return _ARRONDISSEMENT.sub(lambda trouve: str(int(trouve[1])), forme)
