"""Facets, counted in the same request as the hits.

Disjunctive: each facet is counted under the selections of the others, not its own, so that what
could be added to a selection keeps its number. Facets without selection share one filter.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from services.search.domain.criteres import Criteres
from services.search.domain.filtres import FACETTES, PAR_NOM, SEPARATEUR, Filtre

_COMMUNES: Final = "facettes"
_PROPRE: Final = "facette_"

Clauses = Mapping[str, dict[str, Any]]


def selections(criteres: Criteres) -> dict[str, dict[str, Any]]:
    """Return the filter clause of each facet that has a selection."""
    return {
        filtre.nom: {"terms": {filtre.champ: list(criteres.filtres[filtre.nom])}}
        for filtre in FACETTES
        if criteres.filtres.get(filtre.nom)
    }


def agregations(criteres: Criteres, choisies: Clauses) -> dict[str, Any]:
    """Return the aggregations of the facets asked for."""
    demandees = [PAR_NOM[nom] for nom in criteres.facettes]
    libres = [filtre for filtre in demandees if filtre.nom not in choisies]
    propres = [filtre for filtre in demandees if filtre.nom in choisies]
    corps = {
        _PROPRE + filtre.nom: _sous(
            [clause for nom, clause in choisies.items() if nom != filtre.nom], [filtre]
        )
        for filtre in propres
    }
    if libres:
        corps[_COMMUNES] = _sous(choisies.values(), libres)
    return corps


def _sous(clauses: Iterable[dict[str, Any]], filtres: Iterable[Filtre]) -> dict[str, Any]:
    filtre = {"bool": {"filter": list(clauses)}}
    return {
        "filter": filtre,
        "aggs": {un.nom: {"terms": _comptes(un)} for un in filtres},
    }


def _comptes(filtre: Filtre) -> dict[str, Any]:
    ordre: dict[str, str] = {"_key": "asc"} if filtre.par_valeur else {"_count": "desc"}
    return {"field": filtre.facette, "size": filtre.taille, "order": ordre}


def comptes(criteres: Criteres, reponse: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return, for each facet asked for, its values with label, count and whether selected.

    A selected value that no offer has any more stays, with 0, so that it can be taken off.
    """
    recues = reponse.get("aggregations") or {}
    communes = recues.get(_COMMUNES, {})
    return {
        nom: _valeurs(
            (recues.get(_PROPRE + nom) or communes)[nom]["buckets"],
            criteres.filtres.get(nom, ()),
        )
        for nom in criteres.facettes
    }


def _valeurs(cases: Iterable[Mapping[str, Any]], choisies: Iterable[str]) -> list[dict[str, Any]]:
    choix = {valeur.casefold(): valeur for valeur in choisies}
    valeurs = []
    for case in cases:
        code, _, nom = str(case.get("key_as_string", case["key"])).partition(SEPARATEUR)
        choisie = choix.pop(code.casefold(), None) is not None
        valeurs.append(_valeur(code, nom or code, case["doc_count"], choisie=choisie))
    return [*valeurs, *(_valeur(reste, reste, 0, choisie=True) for reste in choix.values())]


def _valeur(code: str, libelle: str, nombre: int, *, choisie: bool) -> dict[str, Any]:
    return {"valeur": code, "libelle": libelle, "nombre": nombre, "choisie": choisie}
