"""The abbreviations by which people name a certification, derived from its title.

«MANAGEMENT COMMERCIAL OPERATIONNEL (BTS)» is asked as «BTS MCO», «ACCOMPAGNANT EDUCATIF PETITE
ENFANCE» as «AEPE», «SERVICES ET PRESTATIONS DES SECTEURS SANITAIRE ET SOCIAL» as «SP3S»: the
initials of the words that carry meaning, a run of one letter being also written with its length.
No source gives these abbreviations; the rule stands for all of them.
"""

import re
from functools import lru_cache
from itertools import groupby
from typing import Final

from services.search.domain.textes import MOTS_VIDES, plier

_PARENTHESES: Final = re.compile(r"\([^)]*\)")
_MOT: Final = re.compile(r"[a-z0-9]+")
_FIN_DU_TRONC: Final = re.compile(r"\b(?:option|specialite|spe|mention|parcours)\b|:")
_LONGUEURS: Final = range(2, 9)


@lru_cache(maxsize=16_384)  # some thousands of titles serve hundreds of thousands of offers
def sigles(intitule: str) -> tuple[str, ...]:
    """Return the abbreviations of a title, lower case, sorted; none when it has no two words."""
    tronc = _FIN_DU_TRONC.split(plier(_PARENTHESES.sub(" ", intitule)), maxsplit=1)[0]
    mots = [mot for mot in _MOT.findall(tronc) if mot not in MOTS_VIDES]
    initiales = "".join(mot[0] for mot in mots)
    formes = {initiales, _suites_comptees(initiales)}
    return tuple(sorted(forme for forme in formes if len(forme) in _LONGUEURS))


def _suites_comptees(initiales: str) -> str:
    suites = ((lettre, len(list(suite))) for lettre, suite in groupby(initiales))
    return "".join(lettre if n == 1 else f"{n}{lettre}" for lettre, n in suites)
