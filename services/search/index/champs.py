"""The fields that a hit shows; the whole formation is one request away."""

from typing import Final

_ORGANISME: Final = ("siret", "uai", "raison_sociale", "enseigne")

CHAMPS_DU_HIT: Final = (
    "cle_ministere_educatif",
    "intitule_long",
    "intitule_rco",
    "libelle_court",
    "diplome",
    "niveau",
    "cfd",
    "rncp_code",
    "rncp_intitule",
    *(f"etablissement_gestionnaire_{nom}" for nom in _ORGANISME),
    *(f"etablissement_formateur_{nom}" for nom in _ORGANISME),
    "etablissement_lieu_formation_siret",
    "uai_formation",
    "lieu_formation_adresse",
    "code_postal",
    "code_commune_insee",
    "localite",
    "num_departement",
    "nom_departement",
    "num_academie",
    "nom_academie",
    "region",
    "latitude",
    "longitude",
    "duree",
    "annee",
    "periode",
    "date_debut",
    "entierement_a_distance",
)

SOURCE: Final = ("formation", "publiee", "parcoursup", "affelnet")
"""What is read of each hit's document."""
