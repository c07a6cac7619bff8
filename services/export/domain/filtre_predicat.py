"""From the tree of a complementary rule to a function of a formation."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from services.export.domain.filtre_arbre import Critere, Et, Noeud, Non, Ou, Test

Predicat = Callable[[dict[str, Any]], bool]


def predicat_de(noeud: Noeud | None) -> Predicat:
    """Return the function of a formation (its projection) that the tree says; None admits all."""
    match noeud:
        case None:
            return lambda _formation: True
        case Critere():
            return _predicat_critere(noeud)
        case Non(nie):
            predicat = predicat_de(nie)
            return lambda formation: not predicat(formation)
        case Ou(noeuds):
            choix = tuple(predicat_de(partie) for partie in noeuds)
            return lambda formation: any(predicat(formation) for predicat in choix)
        case Et(noeuds):
            return _predicat_conjonction(noeuds)


def _predicat_critere(critere: Critere) -> Predicat:
    test, champ, membre = critere.test, critere.champ, critere.membre
    if critere.tableau is None:
        racine, _, reste = champ.partition(".")
        if reste:
            return lambda formation: test((formation.get(racine) or {}).get(reste))
        return lambda formation: test(formation.get(champ))
    quantificateur = all if critere.negatif else any
    tableau = critere.tableau
    if membre is None:
        return lambda formation: quantificateur(map(test, formation.get(tableau) or ()))
    return lambda formation: quantificateur(
        test(element.get(membre)) for element in formation.get(tableau) or ()
    )


def _predicat_conjonction(noeuds: Sequence[Noeud]) -> Predicat:
    tous = tuple(_predicat_groupe(groupe) for groupe in regrouper(noeuds))
    return tous[0] if len(tous) == 1 else lambda formation: all(p(formation) for p in tous)


def _predicat_groupe(groupe: Sequence[Noeud]) -> Predicat:
    if len(groupe) == 1:
        return predicat_de(groupe[0])
    tableau = _tableau_unique(groupe[0]) or ""
    tests = tuple(map(_test_element, groupe))
    return lambda formation: any(
        all(test(element) for test in tests) for element in formation.get(tableau) or ()
    )


def regrouper(noeuds: Iterable[Noeud]) -> list[tuple[Noeud, ...]]:
    """Return the parts of a conjunction: each alone, or those that one element must fulfil."""
    seuls: list[tuple[Noeud, ...]] = []
    par_tableau: dict[str, list[Noeud]] = {}
    for noeud in _aplatir(noeuds):
        tableau = _tableau_unique(noeud)
        if tableau:
            par_tableau.setdefault(tableau, []).append(noeud)
        else:
            seuls.append((noeud,))
    for groupe in par_tableau.values():
        if len(groupe) > 1 and any(map(_affirme, groupe)):
            seuls.append(tuple(groupe))
        else:
            seuls.extend((noeud,) for noeud in groupe)
    return seuls


def _aplatir(noeuds: Iterable[Noeud]) -> Iterable[Noeud]:
    for noeud in noeuds:
        if isinstance(noeud, Et):
            yield from _aplatir(noeud.noeuds)
        else:
            yield noeud


def _tableau_unique(noeud: Noeud) -> str | None:
    match noeud:
        case Critere():
            return noeud.tableau
        case Non(nie):
            return _tableau_unique(nie)
        case Et(noeuds) | Ou(noeuds):
            tableaux = {_tableau_unique(partie) for partie in noeuds}
            return tableaux.pop() if len(tableaux) == 1 else None


def _affirme(noeud: Noeud) -> bool:
    match noeud:
        case Critere():
            return not noeud.negatif
        case Non(nie):
            return not _affirme(nie)
        case Et(noeuds) | Ou(noeuds):
            return any(map(_affirme, noeuds))


def _test_element(noeud: Noeud) -> Test:
    match noeud:
        case Critere(membre=None):
            return noeud.test
        case Critere():
            test, membre = noeud.test, noeud.membre
            return lambda element: test(element.get(membre))
        case Non(nie):
            positif = _test_element(nie)
            return lambda element: not positif(element)
        case Et(noeuds):
            tous = tuple(map(_test_element, noeuds))
            return lambda element: all(test(element) for test in tous)
        case Ou(noeuds):
            choix = tuple(map(_test_element, noeuds))
            return lambda element: any(test(element) for test in choix)
