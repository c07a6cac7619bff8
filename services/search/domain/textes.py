"""Text as it is compared: without case, accents, typographic apostrophes nor empty words."""

import re
import unicodedata
from typing import Final

MOTS_VIDES: Final = frozenset(
    (
        *("a", "au", "aux", "avec", "ce", "ces", "cet", "cette", "chez", "d", "dans", "de", "des"),
        *("du", "en", "et", "l", "la", "le", "les", "leur", "leurs", "n", "on", "ou", "par", "pas"),
        *("pour", "qu", "que", "qui", "s", "sa", "ses", "son", "sur", "un", "une", "vers"),
    )
)

_APOSTROPHES: Final = re.compile("[‘’‛ʼ′´`＇]")
_ELISION: Final = re.compile(
    r"^(?:l|m|t|qu|n|s|j|d|c|jusqu|quoiqu|lorsqu|puisqu)'(?=.)", re.IGNORECASE
)
_LIGATURES: Final = str.maketrans({"œ": "oe", "æ": "ae", "Œ": "oe", "Æ": "ae", "ß": "ss"})


def plier(texte: str) -> str:
    """Return a text lower-cased, without accents nor ligatures, apostrophes made straight."""
    droit = _APOSTROPHES.sub("'", texte).translate(_LIGATURES)
    decompose = unicodedata.normalize("NFKD", droit)
    return "".join(c for c in decompose if not unicodedata.combining(c)).lower()


def sans_article(mot: str) -> str:
    """Return a folded word without its elided article: «l'hotellerie» gives «hotellerie»."""
    return _ELISION.sub("", mot)
