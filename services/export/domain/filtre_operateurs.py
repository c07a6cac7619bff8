"""The operators of a complementary rule: from a value of the filter to a test of a fact."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from services.export.domain.expressions import ExpressionRefusee
from services.export.domain.expressions_lecture import compiler as compiler_expression
from services.export.domain.filtre_arbre import FiltreRefuse, Test


def scalaire(valeur: object, lieu: str) -> str | bool | float | None:
    if valeur is None or isinstance(valeur, str | bool | int | float):
        return valeur
    raise FiltreRefuse(lieu, "une valeur simple est attendue")


def egal(attendu: object) -> Test:
    # In JSON true is not 1: Python's equality alone would mix them.
    return lambda valeur: (
        valeur == attendu and isinstance(valeur, bool) is isinstance(attendu, bool)
    )


def _parmi(attendus: Sequence[object]) -> Test:
    tests = [egal(attendu) for attendu in attendus]
    return lambda valeur: any(test(valeur) for test in tests)


def nier(tests: Sequence[tuple[Test, bool]]) -> tuple[Test, bool]:
    simples = [test for test, _ in tests]
    negatif = not any(est_negatif for _, est_negatif in tests)
    return (lambda valeur: not all(test(valeur) for test in simples)), negatif


def expression(valeur: dict[str, Any], lieu: str) -> Test:
    source, options = valeur["$regex"], valeur.get("$options", "")
    if not isinstance(source, str) or options not in ("", "i"):
        raise FiltreRefuse(lieu, "expression régulière en texte attendue, option « i » seule")
    try:
        trouve = compiler_expression(source, insensible=options == "i").trouve
    except ExpressionRefusee as refus:
        raise FiltreRefuse(lieu, f"expression régulière refusée : {refus}") from refus
    return lambda texte: isinstance(texte, str) and trouve(texte)


def _liste_simple(valeur: object, lieu: str) -> list[object]:
    if not isinstance(valeur, list):
        raise FiltreRefuse(lieu, "une liste est attendue")
    return [scalaire(element, lieu) for element in valeur]


def _texte(valeur: object, lieu: str) -> str:
    if not isinstance(valeur, str):
        raise FiltreRefuse(lieu, "un texte est attendu")
    return valeur


def _existe(valeur: object, lieu: str) -> tuple[Test, bool]:
    if not isinstance(valeur, bool):
        raise FiltreRefuse(lieu, "$exists attend vrai ou faux")
    return (lambda fait: (fait is not None) is valeur), not valeur


def _non(test: Test) -> Test:
    return lambda valeur: not test(valeur)


def _compare(valeur: object, lieu: str, garde: Callable[[str, str], bool]) -> tuple[Test, bool]:
    borne = _texte(valeur, lieu)
    return (lambda fait: isinstance(fait, str) and garde(fait, borne)), False


OPERATEURS: Final[dict[str, Callable[[Any, str], tuple[Test, bool]]]] = {
    "$eq": lambda valeur, lieu: (egal(scalaire(valeur, lieu)), False),
    "$ne": lambda valeur, lieu: (_non(egal(scalaire(valeur, lieu))), True),
    "$in": lambda valeur, lieu: (_parmi(_liste_simple(valeur, lieu)), False),
    "$nin": lambda valeur, lieu: (_non(_parmi(_liste_simple(valeur, lieu))), True),
    "$exists": _existe,
    "$gt": lambda valeur, lieu: _compare(valeur, lieu, lambda fait, borne: fait > borne),
    "$gte": lambda valeur, lieu: _compare(valeur, lieu, lambda fait, borne: fait >= borne),
    "$lt": lambda valeur, lieu: _compare(valeur, lieu, lambda fait, borne: fait < borne),
    "$lte": lambda valeur, lieu: _compare(valeur, lieu, lambda fait, borne: fait <= borne),
}
