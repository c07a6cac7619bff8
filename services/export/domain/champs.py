"""The fields of a formation that export keeps: what rules may test and what feeds carry.

An array field is one whose criteria must hold on the same element (domain.md §3.2).
"""

from typing import Any, Final

SIMPLES: Final[tuple[str, ...]] = (
    "cle_ministere_educatif",
    "published",
    "catalogue_published",
    "forced_published",
    "cfd",
    "cfd_entree",
    "cfd_specialite",
    "cfd_date_fermeture",
    "cfd_outdated",
    "intitule_rco",
    "intitule_long",
    "intitule_court",
    "libelle_court",
    "diplome",
    "niveau",
    "niveau_formation_diplome",
    "nsf_code",
    "rncp_code",
    "rncp_intitule",
    "rncp_outdated",
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
    "etablissement_lieu_formation_siret",
    "uai_formation",
    "duree",
    "annee",
    "capacite",
    "entierement_a_distance",
)
DETAILS_RNCP: Final[tuple[str, ...]] = (
    "date_fin_validite_enregistrement",
    "active_inactive",
    "type_enregistrement",
    "code_type_certif",
    "nsf_code",
)
TABLEAUX: Final[dict[str, tuple[str, ...]]] = {
    "bcn_mefs_10": ("mef10", "duree", "annee"),
    "romes": ("rome",),
    "date_debut": (),
    "periode": (),
    "tags": (),
}


def projeter(formation: dict[str, Any]) -> dict[str, Any]:
    """Keep of a formation what rules and feeds need; absent facts are left out."""
    lire = formation.get
    projection = {champ: valeur for champ in SIMPLES if (valeur := lire(champ)) is not None}
    details = lire("rncp_details")
    if details:
        gardes = {champ: valeur for champ in DETAILS_RNCP if (valeur := details.get(champ))}
        if gardes:
            projection["rncp_details"] = gardes
    for champ, membres in TABLEAUX.items():
        elements = lire(champ)
        if elements:
            projection[champ] = (
                [{membre: element.get(membre) for membre in membres} for element in elements]
                if membres
                else elements
            )
    return projection
