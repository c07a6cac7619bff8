"""The rule by which a field of a formation comes to its value, as it is told to people."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Regle:
    """How a field comes to its value.

    `famille` names the module of `enrichissement`. `sources` are the fields of the offer that it
    repeats when it is collected, best first; `d_apres` all that it is computed from. `tables` are
    those that may have had a say. `absente` tells why there is no value although the offer gives
    what it takes.
    """

    famille: str
    texte: str
    d_apres: tuple[str, ...]
    sources: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    absente: str = "Aucune source ne le dit."


def ensemble(champs: Sequence[str], regle: Regle) -> dict[str, Regle]:
    """Return one rule for several fields."""
    return dict.fromkeys(champs, regle)
