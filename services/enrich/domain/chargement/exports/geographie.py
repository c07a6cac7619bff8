"""Communes (geo API, découpage administratif: JSON) and post codes of La Poste (CSV)."""

from collections.abc import Iterable, Iterator
from typing import Final

from services.enrich.domain.chargement.exports.modele import Export, Pieces, Rangee, renommer

_ACTUELLES: Final = frozenset(("", "commune-actuelle", "arrondissement-municipal"))


def _communes(rangees: Iterable[Rangee], _: Pieces) -> Iterator[Rangee]:
    for rangee in rangees:
        if rangee.get("type", "") in _ACTUELLES:
            yield {
                "code_insee": rangee["code"],
                "nom": rangee["nom"],
                "departement": rangee.get("codedepartement") or rangee.get("departement", ""),
                "codes_postaux": rangee["codespostaux"],
                "latitude": rangee.get("latitude", ""),
                "longitude": rangee.get("longitude", ""),
            }


EXPORTS: Final = (
    Export("Communes (JSON)", frozenset({"code", "nom", "codespostaux"}), "communes", _communes),
    Export(
        "Codes postaux (La Poste)",
        frozenset({"code_commune_insee", "code_postal", "libelle_d_acheminement"}),
        "codes_postaux",
        renommer({"code_postal": "code_postal", "code_insee": "code_commune_insee"}),
    ),
    Export(
        "Codes postaux (La Poste, ancien nom de colonne)",
        frozenset({"code_commune_insee", "code_postal", "libelle_acheminement"}),
        "codes_postaux",
        renommer({"code_postal": "code_postal", "code_insee": "code_commune_insee"}),
    ),
)
