"""The header of an uploaded table: names of columns as people and spreadsheets write them."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

_SEPARATEURS: Final = re.compile(r"[^A-Z0-9]+")


class EnteteRefusee(ValueError):
    """The first row does not name what the rows need; the message, in French, says what."""


def nom_de_colonne(cellule: str) -> str:
    """Return a name without accents nor punctuation: `LIBELLE_DE_L_OFFRE`."""
    nu = unicodedata.normalize("NFKD", cellule.upper().replace("Œ", "OE"))
    return _SEPARATEURS.sub("_", nu.encode("ascii", "ignore").decode()).strip("_")


def exiger_colonnes(noms: Sequence[str], necessaires: Iterable[str]) -> None:
    """Return if these columns are there.

    Raises:
        EnteteRefusee: some are missing; names them.
    """
    absentes = [colonne for colonne in necessaires if colonne not in noms]
    if absentes:
        raise EnteteRefusee(f"Colonnes absentes : {', '.join(absentes)}.")
