"""The lines of the rule builder as the filter that is stored (domain.md §3.2)."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

CHAMPS: Final = frozenset(
    (
        "intitule_long",
        "libelle_court",
        "niveau_formation_diplome",
        "bcn_mefs_10.mef10",
        "rncp_code",
        "rncp_details.nsf_code",
        "cfd",
    )
)
_A_ECHAPPER: Final = re.compile(r"[\[\]{}()*+?.,\\^$|#\-\s]")
COMBINATEURS: Final = {"AND": "$and", "OR": "$or"}


class ConstructionRefusee(ValueError):
    """A line that the builder does not know: its field, operator or combinator."""


@dataclass(frozen=True, slots=True)
class Ligne:
    """One line of the builder; the combinator links it to the line before."""

    champ: str
    operateur: str
    valeur: str
    combinateur: str = "AND"


def construire(lignes: Sequence[Ligne]) -> dict[str, Any]:
    """Return the filter; lines without a value are ignored, no line admits everything.

    The first line takes the combinator of the second, AND when alone. Of lines mixed, each enters
    the list of its combinator and both lists must hold.

    Raises:
        ConstructionRefusee: a field, an operator or a combinator that the builder has not.
    """
    pleines = [ligne for ligne in lignes if ligne.valeur]
    filtre: dict[str, Any] = {}
    for rang, ligne in enumerate(pleines):
        if rang == 0:
            combinateur = pleines[1].combinateur if len(pleines) > 1 else "AND"
        else:
            combinateur = ligne.combinateur
        if combinateur not in COMBINATEURS:
            raise ConstructionRefusee(f"combinateur « {combinateur} »")
        filtre.setdefault(COMBINATEURS[combinateur], []).append(_critere(ligne))
    return filtre


def _critere(ligne: Ligne) -> dict[str, Any]:
    if ligne.champ not in CHAMPS:
        raise ConstructionRefusee(f"champ « {ligne.champ} »")
    if ligne.operateur not in OPERATEURS:
        raise ConstructionRefusee(f"opérateur « {ligne.operateur} »")
    return {ligne.champ: OPERATEURS[ligne.operateur](ligne.valeur)}


def _echapper(valeur: str) -> str:
    return _A_ECHAPPER.sub(r"\\\g<0>", valeur)


OPERATEURS: Final[dict[str, Callable[[str], Any]]] = {
    "===": lambda valeur: valeur,
    "!==": lambda valeur: {"$ne": valeur},
    "===*": lambda valeur: {"$regex": f".*{_echapper(valeur)}.*"},
    "!==*": lambda valeur: {"$not": {"$regex": f".*{_echapper(valeur)}.*"}},
    "===^": lambda valeur: {"$regex": f"^{_echapper(valeur)}"},
    "===$": lambda valeur: {"$regex": f"{_echapper(valeur)}$"},
    "*.": lambda valeur: {"$regex": valeur},
}
