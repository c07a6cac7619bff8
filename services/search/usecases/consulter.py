"""One formation by its id or by any key that it ever had."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from contracts.evenements import Etat
from contracts.identifiants import cle as cles
from services.kernel.problem import NotFound
from services.search.domain.criteres import Point
from services.search.domain.variantes import Variantes, debut_commun, lier
from services.search.index.champs import SOURCE
from services.search.index.reponse import hit_public, ouvrir
from services.search.index.requete import ACTIVE, par_distance
from services.search.ports import Moteur

PROCHES: Final = 5
_CANDIDATS: Final = 50
_VARIANTES_MAX: Final = 200
_ID_LONGUEUR: Final = 26

Stocke = Mapping[str, Any]


async def consulter(reference: str, moteur: Moteur) -> Stocke:
    """Return the document of an id, a key or a key cut at its `#`, in whatever state it is.

    Among several (a key that moved to a successor; the sites of one root), the living one, the one
    that bears the key now, the main site. Raises `NotFound`.
    """
    texte = cles.depuis_adresse(reference)
    trouve = await _par_id(texte, moteur) or await _par_cle(texte, moteur)
    if trouve is None or "formation" not in trouve:
        raise NotFound(
            f"Aucune formation ne porte l'identifiant ou la clé « {texte[:120]} ».",
            code="formation_inconnue",
            title="Formation inconnue",
        )
    return trouve


async def proches(document: Stocke, moteur: Moteur) -> list[dict[str, Any]]:
    """Return living, published offers of the same certification, nearest first."""
    formation = document["formation"]["formation"]
    certification = _certification(formation)
    if certification is None:
        return []
    latitude, longitude = formation.get("latitude"), formation.get("longitude")
    point = None if latitude is None or longitude is None else Point(latitude, longitude)
    corps: dict[str, Any] = {
        "size": PROCHES,
        "track_total_hits": False,
        "_source": list(SOURCE),
        "query": {"bool": {"filter": [ACTIVE, {"term": {"publiee": True}}, certification]}},
        "sort": [*([par_distance(point)] if point else []), {"id": "asc"}],
    }
    reponse = await moteur.chercher(corps)
    return [hit_public(hit, point) for hit in reponse["hits"]["hits"]]


async def variantes(document: Stocke, moteur: Moteur) -> Variantes:
    """Return the variant from afar of a formation on site, or those on site of one from afar."""
    formation = document["formation"]["formation"]
    debut = debut_commun(formation)
    if debut is None:
        return lier(formation, [])
    filtre = [ACTIVE, {"prefix": {"cles": debut.lower()}}]
    corps = {
        "size": _VARIANTES_MAX,
        "track_total_hits": False,
        "query": {"bool": {"filter": filtre}},
    }
    reponse = await moteur.chercher(corps)
    candidats = [ouvrir(hit["_source"]) for hit in reponse["hits"]["hits"]]
    return lier(formation, [{**c["formation"]["formation"], "id": c["id"]} for c in candidats])


def est_active(document: Stocke) -> bool:
    """Tell whether the formation lives."""
    return bool(document["etat"] == Etat.ACTIVE)


async def _par_id(texte: str, moteur: Moteur) -> Stocke | None:
    document = await moteur.document(texte) if len(texte) == _ID_LONGUEUR else None
    return ouvrir(document) if document else None


async def _par_cle(texte: str, moteur: Moteur) -> Stocke | None:
    clause: dict[str, Any] = {"term": {"cles": texte}}
    if cles.est_racine(texte):
        clause = {"prefix": {"cles": f"{texte.lower()}#"}}
    corps = {"size": _CANDIDATS, "track_total_hits": False, "query": {"bool": {"filter": [clause]}}}
    reponse = await moteur.chercher(corps)
    candidats = [ouvrir(hit["_source"]) for hit in reponse["hits"]["hits"]]
    return _le_meilleur(texte, candidats)


def _le_meilleur(texte: str, candidats: Sequence[Stocke]) -> Stocke | None:
    def rang(document: Stocke) -> tuple[bool, bool, str, str]:
        actuelle = document["formation"]["formation"].get("cle_ministere_educatif") or ""
        return not est_active(document), not actuelle.startswith(texte), actuelle, document["id"]

    return min(candidats, key=rang, default=None)


def _certification(formation: Mapping[str, Any]) -> dict[str, Any] | None:
    for champ, nom in (("cfd", "cfd"), ("rncp", "rncp_code")):
        if formation.get(nom):
            return {"term": {champ: formation[nom]}}
    return None
