"""What the lines of a multi-criteria search are in MongoDB."""

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from services.export.domain.multicriteres import CHAMPS, Combinateur, Ligne, Operateur
from services.export.domain.recherche import souple
from services.export.ports import Document

_COMBINATEURS: Final = {Combinateur.ET: "$and", Combinateur.OU: "$or"}
_VIDE: Final[list[Any]] = [None, "", []]
_CONTRAIRES: Final = {
    Operateur.NE_CONTIENT_PAS: Operateur.CONTIENT,
    Operateur.DIFFERENT: Operateur.EGAL,
    Operateur.NE_CONTIENT_PAS_STRICT: Operateur.CONTIENT_STRICT,
    Operateur.DIFFERENT_STRICT: Operateur.EGAL_STRICT,
    Operateur.N_EXISTE_PAS: Operateur.EXISTE,
}
_TESTS: Final[dict[Operateur, Callable[[str], Any]]] = {
    Operateur.CONTIENT: lambda valeur: re.compile(souple(valeur)),
    Operateur.EGAL: lambda valeur: re.compile(rf"\A{souple(valeur)}\Z"),
    Operateur.COMMENCE: lambda valeur: re.compile(rf"\A{souple(valeur)}"),
    Operateur.TERMINE: lambda valeur: re.compile(rf"{souple(valeur)}\Z"),
    Operateur.CONTIENT_STRICT: lambda valeur: re.compile(re.escape(valeur)),
    Operateur.EGAL_STRICT: lambda valeur: valeur,
    Operateur.COMMENCE_STRICT: lambda valeur: re.compile(rf"\A{re.escape(valeur)}"),
    Operateur.TERMINE_STRICT: lambda valeur: re.compile(rf"{re.escape(valeur)}\Z"),
    Operateur.AU_MOINS: lambda valeur: {"$gte": valeur},
    Operateur.AU_PLUS: lambda valeur: {"$lte": valeur},
    Operateur.PLUS: lambda valeur: {"$gt": valeur},
    Operateur.MOINS: lambda valeur: {"$lt": valeur},
    Operateur.EXISTE: lambda _: {"$nin": _VIDE},
}


def combiner(lignes: Sequence[Ligne], combinateur: Combinateur) -> Document:
    """Return the filter of the offers of which all lines, or any, hold."""
    return {_COMBINATEURS[combinateur]: [_une(ligne) for ligne in lignes]}


def _une(ligne: Ligne) -> Document:
    contraire = _CONTRAIRES.get(ligne.operateur)
    test = _TESTS[contraire or ligne.operateur](ligne.valeur)
    parties: list[Document] = [{f"projection.{champ}": test} for champ in CHAMPS[ligne.champ]]
    return {"$nor" if contraire else "$or": parties}
