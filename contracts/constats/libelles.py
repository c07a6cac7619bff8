"""The French names of the fields of an offer, as reports and pages show them."""

from typing import Final

_ROLES: Final = {
    "gestionnaire": "de l'organisme gestionnaire",
    "formateur": "de l'organisme formateur",
}
_PAR_ROLE: Final = {
    "siret": "SIRET",
    "uai": "UAI",
    "raison_sociale": "Raison sociale",
    "adresse": "Adresse",
    "code_postal": "Code postal",
    "code_commune_insee": "Code INSEE",
    "localite": "Commune",
    "courriel": "Courriel",
}

LIBELLES: Final[dict[str, str]] = {
    "cle_ministere_educatif": "Clé ministère éducatif",
    "cle_attribuee": "Clé attribuée par le catalogue",
    "reference": "Référence du déposant",
    "id_formation": "Identifiant RCO de la formation",
    "id_action": "Identifiant RCO de l'action",
    "ids_action": "Identifiants RCO des actions",
    "id_certifinfo": "Identifiant Certif Info",
    "cle_me_remplace": "Clé remplacée par l'offre",
    "cle_me_remplace_par": "Clé qui remplace l'offre",
    "cfd": "CFD (code formation diplôme)",
    "cfd_specialite": "Lettre de spécialité du CFD",
    "rncp_code": "Numéro RNCP",
    "intitule_rco": "Intitulé",
    **{
        f"etablissement_{role}_{champ}": f"{nom} {suite}"
        for role, suite in _ROLES.items()
        for champ, nom in _PAR_ROLE.items()
    },
    "lieu_formation_adresse": "Adresse du lieu de formation",
    "code_postal": "Code postal du lieu de formation",
    "code_commune_insee": "Code INSEE du lieu de formation",
    "localite": "Commune du lieu de formation",
    "lieu_formation_geo_coordonnees": "Position du lieu de formation",
    "etablissement_lieu_formation_siret": "SIRET du lieu de formation",
    "etablissement_lieu_formation_uai": "UAI déclaré du lieu de formation",
    "uai_formation": "UAI du lieu de formation",
    "duree": "Durée",
    "annee": "Année d'entrée",
    "periode": "Mois d'entrée",
    "date_debut": "Dates de début",
    "date_fin": "Dates de fin",
    "modalites_entrees_sorties": "Entrées et sorties permanentes",
    "capacite": "Capacité",
    "effectif_minimal": "Effectif minimal",
    "capacite_simultanee": "Capacité simultanée",
    "capacite_cumulee": "Capacité cumulée",
    "entierement_a_distance": "Formation entièrement à distance",
    "published": "Offre publiée",
    "catalogue_published": "Catalogue réglementaire",
    "forced_published": "Publication forcée",
}


def libelle(champ: str | None) -> str:
    """Return the French name of a field; a field that has none is named as it stands."""
    return LIBELLES.get(champ, champ) if champ else "Ligne"
