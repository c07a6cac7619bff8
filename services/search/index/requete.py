"""The body of a search, from its criteria.

Scores are sums of whole constants: the weight of the best field that holds each word, and bonuses.
They depend on the document and the query only, never on statistics of the index, so that the order
under a cursor stays the same while documents come and go. Weights: domain.md §5 (title 5, names of
organisms 4, codes 2, the rest less).
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from services.search.domain.criteres import Criteres, Mode, Point, Publiees, Tri
from services.search.domain.curseur import Curseur
from services.search.domain.filtres import FILTRES, PAR_NOM
from services.search.domain.requete_libre import Nature, Terme, analyser
from services.search.index.champs import SOURCE
from services.search.index.facettes import agregations, selections
from services.search.index.mots import clause_du_terme, primes

ACTIVE: Final = {"term": {"etat": "active"}}
_POSITION: Final = {"exists": {"field": "position"}}


def recherche(
    criteres: Criteres, mode: Mode, apres: Curseur | None = None, *, carte: int | None = None
) -> dict[str, Any]:
    """Return the body of one page: hits, exact total, facets and, on the first page, the rest.

    `carte` asks for result points grouped by geohash of that length. One hit more than the limit is
    asked for, which tells whether there is a next page.
    """
    choisies = selections(criteres)
    corps: dict[str, Any] = {
        "query": {"bool": requete(criteres, mode)},
        "size": criteres.limite + 1,
        "track_total_hits": True,
        "_source": list(SOURCE),
        "sort": tri(criteres),
        "aggs": {
            **agregations(criteres, choisies),
            **_sans_position(criteres, choisies.values()),
            **(_carte(carte, choisies.values()) if carte else {}),
        },
    }
    if choisies:
        corps["post_filter"] = {"bool": {"filter": list(choisies.values())}}
    if apres:
        corps["search_after"] = list(apres.valeurs)
    return {nom: valeur for nom, valeur in corps.items() if valeur != {}}


def requete(criteres: Criteres, mode: Mode) -> dict[str, Any]:
    """Return the query without the selections of facets, which filter after the counts."""
    termes = analyser(criteres.q)
    return {
        "filter": [ACTIVE, *_publiees(criteres.publiees), *_fixes(criteres), *_rayon(criteres)],
        **({"must": [_mots(termes, mode)], "should": primes(criteres.q, termes)} if termes else {}),
    }


def tri(criteres: Criteres) -> list[dict[str, Any]]:
    """Return the sort: a total order, the id last."""
    return [*_premier_tri(criteres), {"id": "asc"}]


def par_distance(point: Point) -> dict[str, Any]:
    """Return the sort by distance in km; what has no position comes last, at infinity."""
    return {"_geo_distance": {"position": [point.lon, point.lat], "order": "asc", "unit": "km"}}


def _premier_tri(criteres: Criteres) -> list[dict[str, Any]]:
    match criteres.tri:
        case Tri.DISTANCE if criteres.point:
            return [par_distance(criteres.point)]
        case Tri.INTITULE:
            return [{"intitule_tri": {"order": "asc", "missing": "_last"}}]
        case Tri.RECENTES:
            return [{"modifiee_le": {"order": "desc", "missing": "_last"}}]
        case Tri.PERTINENCE if criteres.q:
            return [{"_score": "desc"}]
        case _:
            return []


def _mots(termes: Sequence[Terme], mode: Mode) -> dict[str, Any]:
    clauses = [clause_du_terme(terme, mode) for terme in termes]
    exigees = "60%" if mode is Mode.PARTIEL else "100%"
    return {"bool": {"should": clauses, "minimum_should_match": exigees}}


def _publiees(publiees: Publiees) -> list[dict[str, Any]]:
    if publiees is Publiees.TOUTES:
        return []
    return [{"term": {"publiee": publiees is Publiees.OUI}}]


def _fixes(criteres: Criteres) -> list[dict[str, Any]]:
    """Return the filters that have no facet: they narrow the counts of every facet."""
    clauses = [
        filtre_exact(nom, criteres.filtres[nom])
        for nom in (filtre.nom for filtre in FILTRES if not filtre.facette)
        if criteres.filtres.get(nom)
    ]
    if criteres.etablissement:
        clauses.append(_etablissement(criteres.etablissement))
    bornes = {"gte": criteres.entree_du, "lte": criteres.entree_au}
    donnees = {nom: jour.isoformat() for nom, jour in bornes.items() if jour}
    return [*clauses, {"range": {"debuts": donnees}}] if donnees else clauses


def filtre_exact(nom: str, valeurs: Iterable[str]) -> dict[str, Any]:
    """Return the clause of one filter of the table: one of the values."""
    filtre = PAR_NOM[nom]
    if nom == "commune":
        return _commune(list(valeurs))
    return {"terms": {filtre.champ: list(valeurs)}}


def _commune(valeurs: Sequence[str]) -> dict[str, Any]:
    """A commune is named by its INSEE code or its name; Paris, Lyon and Marseille by theirs too."""
    choix: list[dict[str, Any]] = [
        {"terms": {"commune": valeurs}},
        {"terms": {"commune_nom.norme": valeurs}},
    ]
    choix += [{"prefix": {"commune_nom.norme": f"{valeur} "}} for valeur in _villes(valeurs)]
    return {"bool": {"should": choix, "minimum_should_match": 1}}


def _villes(valeurs: Iterable[str]) -> list[str]:
    return [valeur for valeur in valeurs if valeur.casefold() in {"paris", "lyon", "marseille"}]


def _etablissement(texte: str) -> dict[str, Any]:
    codes = [terme.texte for terme in analyser(texte) if terme.nature is Nature.CODE]
    if codes:
        choix = [{"terms": {champ: codes}} for champ in ("sirets", "uais")]
        return {"bool": {"should": choix, "minimum_should_match": 1}}
    return {"match": {"organismes": {"query": texte, "operator": "and"}}}


def _rayon(criteres: Criteres) -> list[dict[str, Any]]:
    if criteres.point is None or criteres.rayon_km is None:
        return []
    centre = [criteres.point.lon, criteres.point.lat]
    return [{"geo_distance": {"distance": f"{criteres.rayon_km}km", "position": centre}}]


def _sans_position(criteres: Criteres, choisies: Iterable[dict[str, Any]]) -> dict[str, Any]:
    if criteres.point is None or criteres.rayon_km is not None:
        return {}
    clause = {"bool": {"filter": list(choisies), "must_not": [_POSITION]}}
    return {"sans_position": {"filter": clause}}


def _carte(longueur: int, choisies: Iterable[dict[str, Any]]) -> dict[str, Any]:
    cases = {
        "geohash_grid": {"field": "position", "precision": longueur, "size": 600},
        "aggs": {"centre": {"geo_centroid": {"field": "position"}}},
    }
    clause = {"bool": {"filter": [*choisies, _POSITION]}}
    return {"carte": {"filter": clause, "aggs": {"cases": cases}}}
