"""Registers of organisms: ACCE (UAI), SIRENE, the public list of training organisms (Qualiopi)."""

from collections.abc import Iterable, Iterator
from typing import Final

from services.enrich.domain.chargement.exports.modele import (
    Export,
    Pieces,
    Rangee,
    jour_iso,
    renommer,
)

_UAI_FERME: Final = "4"
"""Of the states of ACCE: 1 ouvert, 2 à fermer, 3 à ouvrir, 4 fermé."""
_FERME: Final = "F"


def _uais(rangees: Iterable[Rangee], _: Pieces) -> Iterator[Rangee]:
    for rangee in rangees:
        lire = rangee.get
        siret = "".join(lire("numero_siren_siret_uai", "").split())
        yield {
            "uai": lire("numero_uai", ""),
            "nom": lire("appellation_officielle", "") or lire("denomination_principale", ""),
            "code_insee": lire("commune", ""),
            "siret": siret if len(siret) == 14 else "",
            "date_ouverture": jour_iso(lire("date_ouverture", "")),
            "date_fermeture": jour_iso(lire("date_fermeture", "")),
            "ferme": "oui" if lire("etat_etablissement", "") == _UAI_FERME else "non",
        }


def _sirene(rangees: Iterable[Rangee], _: Pieces) -> Iterator[Rangee]:
    for rangee in rangees:
        lire = rangee.get
        traite = jour_iso(lire("datederniertraitementetablissement", ""))
        yield {
            "siret": lire("siret", ""),
            "raison_sociale": lire("denominationunitelegale", "")
            or lire("denominationusuelleetablissement", ""),
            "enseigne": lire("enseigne1etablissement", ""),
            "numero_voie": lire("numerovoieetablissement", ""),
            "type_voie": lire("typevoieetablissement", ""),
            "nom_voie": lire("libellevoieetablissement", ""),
            "code_postal": lire("codepostaletablissement", ""),
            "code_insee": lire("codecommuneetablissement", ""),
            "localite": lire("libellecommuneetablissement", ""),
            "date_creation": jour_iso(lire("datecreationetablissement", "")),
            "ferme": "oui" if lire("etatadministratifetablissement", "") == _FERME else "non",
            "source": f"sirene {traite}",
        }


EXPORTS: Final = (
    Export(
        "ACCE, UAI",
        frozenset({"numero_uai", "etat_etablissement"}),
        "uai",
        _uais,
        exigees=frozenset(
            {"appellation_officielle", "commune", "numero_siren_siret_uai"}
            | {"date_ouverture", "date_fermeture"}
        ),
    ),
    Export(
        "SIRENE",
        frozenset({"siret", "etatadministratifetablissement"}),
        "etablissements",
        _sirene,
        exigees=frozenset(
            {"codecommuneetablissement", "datecreationetablissement"}
            | {"datederniertraitementetablissement"}
        ),
    ),
    Export(
        "Liste publique des organismes de formation",
        frozenset({"siren", "certifications_actionsdeformationparapprentissage"}),
        "qualiopi",
        renommer(
            {
                "siren": "siren",
                "siret": "siretetablissementdeclarant",
                "nda": "numerodeclarationactivite",
                "apprentissage": "certifications_actionsdeformationparapprentissage",
            }
        ),
        exigees=frozenset({"siretetablissementdeclarant", "numerodeclarationactivite"}),
    ),
    Export(
        "UAI et SIRET",
        frozenset({"numero_uai", "siret"}),
        "uai_siret",
        renommer({"siret": "siret", "uai": "numero_uai"}),
    ),
)
