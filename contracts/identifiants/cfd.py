"""CFD, the diploma code of the BCN (domain.md §1.1).

Eight upper-case alphanumerics (3 level, 3 NSF, 2 order: `36T31203` is one, not only digits), and an
optional ninth letter, the lettre de spécialité.
"""

import re
from typing import Final, NamedTuple

from contracts.identifiants.textes import compact

_FORME: Final = re.compile(r"([0-9A-Z]{8})([A-Z])?", re.ASCII)
_ZERO_PERDU: Final = re.compile(r"[0-9]{7}", re.ASCII)


class Cfd(NamedTuple):
    """A diploma code and the speciality letter that came with it."""

    code: str
    specialite: str | None


def est_valide(texte: object) -> bool:
    """Tell whether a text is a CFD, with or without its speciality letter."""
    return isinstance(texte, str) and _FORME.fullmatch(texte) is not None


def lire(valeur: object) -> Cfd | None:
    """Return the CFD meant, or None.

    Seven digits have lost their leading zero (106 of 2,648 codes in a real list).
    """
    lu = compact(valeur)
    if _ZERO_PERDU.fullmatch(lu):
        return Cfd("0" + lu, None)
    trouve = _FORME.fullmatch(lu)
    return Cfd(trouve[1], trouve[2]) if trouve else None


def normaliser(valeur: object) -> str | None:
    """Return the eight characters of the CFD meant, or None."""
    lu = lire(valeur)
    return lu.code if lu else None
