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
    "etablissement_formateur_code_commune_insee",
    "lieu_formation_adresse",
    "code_postal",
    "code_commune_insee",
    "localite",
    "num_departement",
    "nom_departement",
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
    # What the lists of the académies show beside.
    "id_formation",
    "id_certifinfo",
    "etablissement_gestionnaire_enseigne",
    "etablissement_gestionnaire_num_academie",
    "etablissement_gestionnaire_region",
    "etablissement_gestionnaire_actif",
    "etablissement_formateur_enseigne",
    "etablissement_formateur_num_academie",
    "etablissement_formateur_region",
    "etablissement_formateur_actif",
    "etablissement_formateur_certifie_qualite",
    "etablissement_formateur_adresse",
    "etablissement_formateur_code_postal",
    "etablissement_formateur_localite",
    "etablissement_lieu_formation_uai",
    "onisep_url",
)
_QUALITES: Final = ("certifie_qualite", "habilite_rncp")
DETAILS_RNCP: Final[tuple[str, ...]] = (
    "date_fin_validite_enregistrement",
    "active_inactive",
    "type_enregistrement",
    "type_certif",
    "code_type_certif",
    "nsf_code",
)
TABLEAUX: Final[dict[str, tuple[str, ...]]] = {
    "bcn_mefs_10": ("mef10", "duree", "annee", "date_fermeture"),
    "romes": ("rome",),
    "date_debut": (),
    "periode": (),
    "tags": (),
    "ids_action": (),
    "parcoursup_mefs_10": (),
    "date_fin": (),
    "modalites_entrees_sorties": (),
    "effectif_minimal": (),
    "capacite_simultanee": (),
    "capacite_cumulee": (),
}


def projeter(formation: dict[str, Any]) -> dict[str, Any]:
    """Keep of a formation what rules and feeds need; absent facts are left out."""
    lire = formation.get
    projection = {champ: valeur for champ in SIMPLES if (valeur := lire(champ)) is not None}
    reference = lire("etablissement_reference") or "gestionnaire"
    for qualite in _QUALITES:
        valeur = lire(f"etablissement_{reference}_{qualite}")
        if valeur is not None:
            projection[f"etablissement_reference_{qualite}"] = valeur
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
