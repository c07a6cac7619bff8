"""The mapping: strict, every field named; the events' full states ride along unindexed.

`formation` and `publications` are the events as JSON text, not looked into (`enabled: false`): a
field added to an event changes nothing here. Scores are made of constants (see `requete.py`), so
no field keeps norms, and positions are kept only where phrases are looked for.
"""

from collections.abc import Mapping
from typing import Any, Final

from services.search.index.analyse import ANALYSE

VERSION: Final = 1
"""Raised with any change that existing indexes do not take: `catalogue reconstruire index`."""

_CODE: Final = {"type": "keyword", "normalizer": "plie", "ignore_above": 128}
_CODE_CHERCHE: Final = {**_CODE, "copy_to": "codes"}
_VALEUR: Final = {"type": "keyword", "ignore_above": 256}
_VALEUR_ET_FORME_PLIEE: Final = {**_VALEUR, "fields": {"norme": _CODE}}
_EMPREINTE: Final = {"type": "keyword", "index": False}
_SEQUENCE: Final = {"type": "long", "index": False}
_OPAQUE: Final = {"type": "object", "enabled": False}


def _texte(analyseur: str, *, phrases: bool = False, exact: bool = False) -> dict[str, Any]:
    options = "positions" if phrases else "docs"
    champ = {"type": "text", "analyzer": analyseur, "norms": False, "index_options": options}
    if exact:
        champ["fields"] = {"exact": _texte("francais_exact")}
    return champ


CHAMPS: Final[dict[str, Any]] = {
    "id": {"type": "keyword"},
    "etat": {"type": "keyword"},
    "publiee": {"type": "boolean"},
    "modifiee_le": {"type": "date", "ignore_malformed": True},
    "formation_sequence": _SEQUENCE,
    "formation_empreinte": _EMPREINTE,
    "publications_sequence": _SEQUENCE,
    "publications_empreinte": _EMPREINTE,
    "intitule": _texte("francais", phrases=True, exact=True),
    "intitule_tri": {"type": "keyword", "index": False, "ignore_above": 256},
    "intitule_mots": {"type": "integer"},
    "sigles": _CODE,
    "diplomes": _texte("francais"),
    "diplome": _VALEUR_ET_FORME_PLIEE,
    "niveau": {"type": "keyword"},
    "metiers": _texte("francais", phrases=True, exact=True),
    "organismes": _texte("noms", phrases=True),
    "lieux": _texte("noms", phrases=True),
    "romes": _CODE,
    "cfd": _CODE_CHERCHE,
    "rncp": _CODE_CHERCHE,
    "mefs": _CODE_CHERCHE,
    "sirets": _CODE_CHERCHE,
    "uais": _CODE_CHERCHE,
    "cles": _CODE_CHERCHE,
    "codes": _CODE,
    "commune": _CODE,
    "commune_nom": _VALEUR_ET_FORME_PLIEE,
    "departement": _CODE,
    "departement_libelle": _VALEUR,
    "academie": _CODE,
    "academie_libelle": _VALEUR,
    "region": _VALEUR_ET_FORME_PLIEE,
    "position": {"type": "geo_point", "ignore_malformed": True},
    "debuts": {"type": "date", "format": "strict_date", "ignore_malformed": True},
    "entrees": _VALEUR,
    "duree": _VALEUR,
    "annee": _CODE,
    "a_distance": {"type": "boolean"},
    "parcoursup": _VALEUR_ET_FORME_PLIEE,
    "affelnet": _VALEUR_ET_FORME_PLIEE,
    "formation": _OPAQUE,
    "publications": _OPAQUE,
}


def definition(
    *, fragments: int, repliques: int, meta: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return the body of an index or template: settings and mappings."""
    return {
        "settings": {
            "index": {
                "number_of_shards": fragments,
                "number_of_replicas": repliques,
                "refresh_interval": "1s",
                "max_result_window": 10_000,
            },
            "analysis": ANALYSE,
        },
        "mappings": {
            "dynamic": "strict",
            "_meta": {"version": VERSION, **(meta or {})},
            "properties": CHAMPS,
        },
    }
