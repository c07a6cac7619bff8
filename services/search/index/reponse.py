"""Hits as the public reads them: flat, under the names of the historic catalogue."""

from collections.abc import Mapping
from typing import Any, Final

import orjson

from services.search.domain.criteres import Point
from services.search.domain.lieux import distance_km
from services.search.index.champs import CHAMPS_DU_HIT

_DECIMALES: Final = 1
_TEXTES: Final = ("formation", "publications")


def ouvrir(source: Mapping[str, Any]) -> dict[str, Any]:
    """Return a stored document with the events that it carries read."""
    lus = {nom: orjson.loads(source[nom]) for nom in _TEXTES if nom in source}
    return {**source, **lus}


def hit_public(hit: Mapping[str, Any], point: Point | None) -> dict[str, Any]:
    """Return one hit: every field always present, null where unknown.

    `distance_km` comes only with a search around a place; null for an offer without position.
    """
    source = hit["_source"]
    formation = orjson.loads(source["formation"])["formation"]
    public = {nom: formation.get(nom) for nom in CHAMPS_DU_HIT}
    public["id"] = hit["_id"]
    public["published"] = source["publiee"]
    public["parcoursup_statut"] = source.get("parcoursup")
    public["affelnet_statut"] = source.get("affelnet")
    if point is not None:
        public["distance_km"] = _distance(formation, point)
    return public


def _distance(formation: Mapping[str, Any], point: Point) -> float | None:
    latitude, longitude = formation.get("latitude"), formation.get("longitude")
    if latitude is None or longitude is None:
        return None
    return round(distance_km(point, Point(latitude, longitude)), _DECIMALES)
