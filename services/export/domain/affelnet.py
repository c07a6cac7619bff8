"""What an académie's Affelnet instance receives: its offers that are ready or published (§4.3)."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from contracts.statuts import Plateforme, Statut
from services.export.domain.mefs_affelnet import infos_offre, mefs_affelnet
from services.export.domain.regles import JeuDeRegles
from services.kernel.spreadsheet import csv_text

STATUTS_TRANSMIS: Final = (Statut.PRET.value, Statut.PUBLIE.value)
_NOM: Final = Plateforme.AFFELNET.value
_AUCUN: Final[Mapping[str, Any]] = {}

COLONNES: Final[tuple[str, ...]] = (
    "id",
    "cle_ministere_educatif",
    "affelnet_statut",
    "affelnet_id",
    "affelnet_published_date",
    "affelnet_mefs_10",
    "affelnet_infos_offre",
    "affelnet_url_infos_offre",
    "affelnet_modalites_offre",
    "affelnet_url_modalites_offre",
    "affelnet_secteur",
    "affelnet_code_nature",
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


def offre(document: Mapping[str, Any], jeu: JeuDeRegles) -> dict[str, Any]:
    """Return one offer of the feed; absent facts are null, lists stay lists."""
    projection = document["projection"]
    montre = document["publication"]["plateformes"][_NOM]
    textes = (document.get("textes") or _AUCUN).get(_NOM) or _AUCUN
    couverture = (document.get("couverture") or _AUCUN).get(_NOM) or _AUCUN
    mefs = mefs_affelnet(document, jeu)
    propres = {
        "id": document["_id"],
        "affelnet_statut": montre["statut"],
        "affelnet_id": montre["identifiant"],
        "affelnet_published_date": montre["publiee_le"],
        "affelnet_mefs_10": [mef["mef10"] for mef in mefs],
        "affelnet_infos_offre": infos_offre(document, mefs),
        "affelnet_url_infos_offre": textes.get("url_infos_offre"),
        "affelnet_modalites_offre": textes.get("modalites_offre"),
        "affelnet_url_modalites_offre": textes.get("url_modalites_offre"),
        "affelnet_secteur": couverture.get("secteur"),
        "affelnet_code_nature": couverture.get("code_nature"),
        "mefs_10": [mef["mef10"] for mef in projection.get("bcn_mefs_10") or ()],
        "date_debut": projection.get("date_debut") or [],
    }
    return {
        colonne: propres[colonne] if colonne in propres else projection.get(colonne)
        for colonne in COLONNES
    }


def fichier_csv(offres: Iterable[Mapping[str, Any]], *, excel: bool = False) -> bytes:
    """Return the file: UTF-8, `;`, one header line, lists joined by a vertical bar.

    `excel` adds the mark by which French Excel reads it as UTF-8 on a double click.
    """
    lignes = ([_texte(une[colonne]) for colonne in COLONNES] for une in offres)
    return csv_text(COLONNES, lignes, mark=excel).encode()


def lignes_classeur(offres: Iterable[Mapping[str, Any]]) -> Iterable[list[str | date | None]]:
    """Yield the rows of a workbook: codes as texts, the publication as a date."""
    for une in offres:
        yield [
            _en_date(une[colonne]) if colonne == "affelnet_published_date" else _texte(une[colonne])
            for colonne in COLONNES
        ]


def _en_date(instant: str | None) -> date | None:
    return date.fromisoformat(instant[:10]) if instant else None


def _texte(valeur: object) -> str:
    if valeur is None:
        return ""
    return "|".join(valeur) if isinstance(valeur, list) else str(valeur)
