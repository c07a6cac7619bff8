"""RNCP, the number of a fiche at France compétences (domain.md §1.1): `RNCP` + digits."""

import re
from typing import Final

from contracts.identifiants.textes import compact

NON_INSCRIT: Final = "NR"
"""What the source table writes for a diploma that is not registered."""

_FORME: Final = re.compile(r"RNCP[1-9][0-9]{0,6}", re.ASCII)
_LIBRE: Final = re.compile(r"(?:RNCP)?0*([1-9][0-9]{0,6})", re.ASCII)


def est_valide(texte: object) -> bool:
    """Tell whether a text is a fiche number in its normal form."""
    return isinstance(texte, str) and _FORME.fullmatch(texte) is not None


def normaliser(valeur: object) -> str | None:
    """Return `RNCPnnnnn` for a number with or without its prefix; None otherwise, `NR` included."""
    trouve = _LIBRE.fullmatch(compact(valeur))
    return "RNCP" + trouve[1] if trouve else None
