"""The table of refusals as it grows: patterns added over the built-in ones, texts still unknown."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from contracts.statuts import Statut
from services.export.domain.erreurs_parcoursup import ERREURS, Erreur, Table
from services.export.domain.expressions_lecture import compiler

STATUTS: Final = (Statut.REJET, Statut.FERME)
"""What a recognised refusal may give (domain.md §4.1)."""

_FORMATIONS_MAX: Final = 10
# What differs from one offer to the next: keys, UAI, codes, numbers.
_VARIABLE: Final = re.compile(r"\b[0-9A-Z]*[0-9][0-9A-Z#-]*\b")


def lire_motif(document: Mapping[str, Any]) -> Erreur:
    """Compile a stored pattern; it is matched in time linear in the text.

    Raises:
        ExpressionRefusee: it is malformed or needs more than a finite automaton.
    """
    return Erreur(
        document["code"],
        document["motif"],
        compiler(document["motif"]).trouve,
        document["cause"],
        document["action"],
        Statut(document["statut"]),
    )


def table(ajoutes: Sequence[Mapping[str, Any]]) -> Table:
    """Return the table in force: the patterns added, oldest first, then the built-in ones.

    A pattern added under the code of a built-in one takes its place.
    """
    lus = tuple(lire_motif(document) for document in ajoutes)
    codes = {erreur.code for erreur in lus}
    return Table((*lus, *(erreur for erreur in ERREURS if erreur.code not in codes)))


@dataclass(slots=True)
class Inconnue:
    """A text that no pattern knows, as one example of its form, with how often it came."""

    exemple: str
    nombre: int
    premiere: datetime
    derniere: datetime
    formations: list[str] = field(default_factory=list)


def forme(texte: str) -> str:
    """Return a text without what changes from one offer to the next."""
    return _VARIABLE.sub("…", texte.partition(" ")[2])


def inconnues(echecs: Iterable[Mapping[str, Any]], en_vigueur: Table) -> list[Inconnue]:
    """Gather the failures that `en_vigueur` does not know, the most frequent first.

    Each is `{erreur, nombre, premiere, derniere, formations}`: as many exchanges with one text.
    """
    par_forme: dict[str, Inconnue] = {}
    for echec in echecs:
        texte = echec["erreur"]
        if not texte or en_vigueur.reconnaitre(texte) is not None:
            continue
        vue = par_forme.setdefault(
            forme(texte), Inconnue(texte, 0, echec["premiere"], echec["derniere"])
        )
        vue.nombre += echec["nombre"]
        vue.premiere = min(vue.premiere, echec["premiere"])
        vue.derniere = max(vue.derniere, echec["derniere"])
        place = _FORMATIONS_MAX - len(vue.formations)
        vue.formations += echec["formations"][:place]
    return sorted(par_forme.values(), key=lambda vue: (-vue.nombre, vue.exemple))
