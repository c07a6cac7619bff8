"""A complementary rule said in French, and why it does not admit an offer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from services.export.domain.filtre_arbre import Critere, Et, Noeud, Non, Ou
from services.export.domain.filtre_predicat import predicat_de, regrouper

TOUT_CONVIENT: Final = "tout convient"


@dataclass(frozen=True, slots=True)
class Manque:
    """A condition that an offer fails: its sentence, its field if it has one, the value seen."""

    phrase: str
    champ: str | None
    vu: Any


def dire(noeud: Noeud | None) -> str:
    """Return a whole complementary rule in French; None admits everything."""
    match noeud:
        case None:
            return TOUT_CONVIENT
        case Critere():
            return noeud.dit
        case Non(nie):
            return f"il est faux que {_entoure(nie)}"
        case Et(noeuds):
            return " et ".join(_entoure(partie) for partie in noeuds)
        case Ou(noeuds):
            return " ou ".join(_entoure(partie) for partie in noeuds)


def _entoure(noeud: Noeud) -> str:
    simple = isinstance(noeud, Critere) or (isinstance(noeud, Et | Ou) and len(noeud.noeuds) == 1)
    return dire(noeud) if simple else f"({dire(noeud)})"


def manques(noeud: Noeud | None, formation: Mapping[str, Any]) -> list[Manque]:
    """Return what makes a complementary rule refuse an offer; nothing when it admits it."""
    offre = dict(formation)
    if noeud is None or predicat_de(noeud)(offre):
        return []
    match noeud:
        case Critere():
            return [Manque(noeud.dit, noeud.champ, valeur_vue(noeud.champ, formation))]
        case Et(noeuds):
            return [
                manque
                for groupe in regrouper(noeuds)
                if not predicat_de(Et(groupe))(offre)
                for manque in _du_groupe(groupe, formation)
            ]
        case _:
            return [Manque(dire(noeud), None, _vues(noeud, formation))]


def _du_groupe(groupe: Sequence[Noeud], formation: Mapping[str, Any]) -> list[Manque]:
    if len(groupe) == 1:
        return manques(groupe[0], formation)
    ensemble = Et(tuple(groupe))
    phrase = f"un même élément doit remplir : {dire(ensemble)}"
    return [Manque(phrase, None, _vues(ensemble, formation))]


def _vues(noeud: Noeud, formation: Mapping[str, Any]) -> dict[str, Any]:
    return {champ: valeur_vue(champ, formation) for champ in sorted(_champs(noeud))}


def _champs(noeud: Noeud) -> set[str]:
    match noeud:
        case Critere():
            return {noeud.champ}
        case Non(nie):
            return _champs(nie)
        case Et(noeuds) | Ou(noeuds):
            return set().union(*map(_champs, noeuds))


def valeur_vue(champ: str, formation: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any fact
    """Return what an offer holds at a field of a rule, a list when several elements bear it."""
    racine, _, membre = champ.partition(".")
    valeur = formation.get(racine)
    if not membre:
        return valeur
    if isinstance(valeur, list):
        return [element.get(membre) for element in valeur]
    return (valeur or {}).get(membre)
