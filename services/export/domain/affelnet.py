"""What an académie's Affelnet instance receives: its offers that are ready or published (§4.3)."""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any, Final

from contracts.statuts import Plateforme, Statut

STATUTS_TRANSMIS: Final = (Statut.PRET.value, Statut.PUBLIE.value)
_NOM: Final = Plateforme.AFFELNET.value

COLONNES: Final[tuple[str, ...]] = (
    "id",
    "cle_ministere_educatif",
    "affelnet_statut",
    "affelnet_id",
    "uai_formation",
    "etablissement_lieu_formation_siret",
    "mefs_10",
    "cfd",
    "rncp_code",
    "libelle_court",
    "intitule_long",
    "niveau",
    "diplome",
    "duree",
    "annee",
    "date_debut",
    "etablissement_gestionnaire_siret",
    "etablissement_gestionnaire_uai",
    "etablissement_gestionnaire_raison_sociale",
    "etablissement_formateur_siret",
    "etablissement_formateur_uai",
    "etablissement_formateur_raison_sociale",
    "lieu_formation_adresse",
    "code_postal",
    "code_commune_insee",
    "localite",
    "num_departement",
    "num_academie",
    "nom_academie",
    "region",
    "lieu_formation_geo_coordonnees",
)
# A cell that begins so would be run as a formula by a spreadsheet (OWASP, CSV injection).
_FORMULES: Final = ("=", "+", "-", "@", "\t", "\r")


def offre(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return one offer of the feed; absent facts are null, lists stay lists."""
    projection = document["projection"]
    montre = document["publication"]["plateformes"][_NOM]
    propres = {
        "id": document["_id"],
        "affelnet_statut": montre["statut"],
        "affelnet_id": montre["identifiant"],
        "mefs_10": [mef["mef10"] for mef in projection.get("bcn_mefs_10") or ()],
        "date_debut": projection.get("date_debut") or [],
    }
    return {
        colonne: propres[colonne] if colonne in propres else projection.get(colonne)
        for colonne in COLONNES
    }


def fichier_csv(offres: Iterable[Mapping[str, Any]]) -> bytes:
    """Return the file: UTF-8, `;`, one header line, lists joined by a vertical bar."""
    sortie = io.StringIO(newline="")
    ecrivain = csv.writer(sortie, delimiter=";", lineterminator="\r\n")
    ecrivain.writerow(COLONNES)
    for une in offres:
        ecrivain.writerow([_cellule(une[colonne]) for colonne in COLONNES])
    return sortie.getvalue().encode()


def _cellule(valeur: object) -> str:
    if valeur is None:
        return ""
    texte = "|".join(valeur) if isinstance(valeur, list) else str(valeur)
    return f"'{texte}" if texte.startswith(_FORMULES) else texte
