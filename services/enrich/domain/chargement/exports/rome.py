"""Occupations of France Travail: codes and appellations of the ROME."""

from typing import Final

from services.enrich.domain.chargement.exports.modele import Export, renommer

EXPORTS: Final = (
    Export(
        "ROME, appellations",
        frozenset({"code_ogr", "libelle_appellation_long", "code_rome"}),
        "appellations",
        renommer(
            {
                "code_ogr": "code_ogr",
                "libelle_long": "libelle_appellation_long",
                "code_rome": "code_rome",
            }
        ),
    ),
    Export(
        "ROME, codes",
        frozenset({"code_rome", "libelle_rome"}),
        "rome",
        renommer({"code_rome": "code_rome", "libelle": "libelle_rome"}),
    ),
)
