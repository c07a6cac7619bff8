"""A formation: an offer completed from the reference tables (domain.md §1, §2).

Field names are those of the historic catalogue where it had one, so that partners find theirs.
Null means unknown: no source said it. Dates are civil dates `AAAA-MM-JJ`.
"""

from pydantic import BaseModel, ConfigDict


class _Etat(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Mef(_Etat):
    """A MEF of the diploma, kept when the collected durée and année agree with it."""

    mef10: str
    duree: str
    annee: str
    date_fermeture: str | None = None
    mef_outdated: bool | None = None


class Session(_Etat):
    """A start with its end (domain.md §1.3), and the number of places when it is known."""

    debut: str
    fin: str
    capacite: int | None = None


class Rome(_Etat):
    """An occupation that the certification prepares for."""

    rome: str
    libelle: str | None = None


class Certificateur(_Etat):
    """Who registered the fiche."""

    certificateur: str
    siret_certificateur: str | None = None


class RncpDetails(_Etat):
    """What the fiche says; `active_inactive` is null before the date of its source."""

    date_fin_validite_enregistrement: str | None = None
    active_inactive: str | None = None
    niveau_europe: str | None = None
    code_type_certif: str | None = None
    type_certif: str | None = None
    type_enregistrement: str | None = None
    nsf_code: str | None = None
    ancienne_fiche: list[str] = []
    nouvelle_fiche: list[str] = []
    certificateurs: list[Certificateur] = []


class Formation(_Etat):
    """The full description of one formation.

    `mefs_10_approches` are MEF of other diplomas, shown when this one has none.
    `catalogue_reglementaire_calcule` is the historic quality rule (domain.md §1.4), whoever decides
    on `catalogue_published`; `etablissement_reference` names the role whose quality counts in it.
    """

    cle_ministere_educatif: str | None = None
    cle_attribuee: bool = False
    anciennes_cles: list[str] = []
    id_formation: str | None = None
    id_action: str | None = None
    ids_action: list[str] = []
    id_certifinfo: str | None = None
    id_rco_formation: str | None = None

    published: bool = True
    catalogue_published: bool | None = None
    catalogue_reglementaire_calcule: bool | None = None
    forced_published: bool | None = None

    cfd: str | None = None
    cfd_entree: str | None = None
    cfd_specialite: str | None = None
    cfd_specialite_libelle: str | None = None
    cfd_specialite_libelle_court: str | None = None
    cfd_remplace_par: str | None = None
    cfd_date_fermeture: str | None = None
    cfd_outdated: bool | None = None
    intitule_rco: str | None = None
    intitule_long: str | None = None
    intitule_court: str | None = None
    libelle_court: str | None = None
    diplome: str | None = None
    niveau: str | None = None
    niveau_formation_diplome: str | None = None
    nsf_code: str | None = None
    bcn_mefs_10: list[Mef] = []
    mefs_8: list[str] = []
    mefs_11: list[str] = []
    mefs_10_approches: list[str] = []
    parcoursup_mefs_10: list[str] | None = None
    duree_incoherente: bool | None = None
    annee_incoherente: bool | None = None

    rncp_code: str | None = None
    rncp_intitule: str | None = None
    rncp_outdated: bool | None = None
    rncp_eligible_apprentissage: bool | None = None
    rncp_details: RncpDetails | None = None
    romes: list[Rome] = []
    onisep_url: str | None = None
    onisep_intitule: str | None = None
    etablissement_reference: str | None = None

    etablissement_gestionnaire_siret: str | None = None
    etablissement_gestionnaire_siren: str | None = None
    etablissement_gestionnaire_uai: str | None = None
    etablissement_gestionnaire_raison_sociale: str | None = None
    etablissement_gestionnaire_enseigne: str | None = None
    etablissement_gestionnaire_adresse: str | None = None
    etablissement_gestionnaire_code_postal: str | None = None
    etablissement_gestionnaire_code_commune_insee: str | None = None
    etablissement_gestionnaire_localite: str | None = None
    etablissement_gestionnaire_num_departement: str | None = None
    etablissement_gestionnaire_num_academie: str | None = None
    etablissement_gestionnaire_region: str | None = None
    etablissement_gestionnaire_geo_coordonnees: str | None = None
    etablissement_gestionnaire_actif: bool | None = None
    etablissement_gestionnaire_certifie_qualite: bool | None = None
    etablissement_gestionnaire_connu: bool | None = None
    etablissement_gestionnaire_habilite_rncp: bool | None = None

    etablissement_formateur_siret: str | None = None
    etablissement_formateur_siren: str | None = None
    etablissement_formateur_uai: str | None = None
    etablissement_formateur_raison_sociale: str | None = None
    etablissement_formateur_enseigne: str | None = None
    etablissement_formateur_adresse: str | None = None
    etablissement_formateur_code_postal: str | None = None
    etablissement_formateur_code_commune_insee: str | None = None
    etablissement_formateur_localite: str | None = None
    etablissement_formateur_num_departement: str | None = None
    etablissement_formateur_num_academie: str | None = None
    etablissement_formateur_region: str | None = None
    etablissement_formateur_geo_coordonnees: str | None = None
    etablissement_formateur_actif: bool | None = None
    etablissement_formateur_certifie_qualite: bool | None = None
    etablissement_formateur_connu: bool | None = None
    etablissement_formateur_habilite_rncp: bool | None = None

    lieu_formation_adresse: str | None = None
    code_postal: str | None = None
    code_commune_insee: str | None = None
    localite: str | None = None
    num_departement: str | None = None
    nom_departement: str | None = None
    num_academie: str | None = None
    nom_academie: str | None = None
    region: str | None = None
    lieu_formation_geo_coordonnees: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    distance_commune_metres: int | None = None
    etablissement_lieu_formation_siret: str | None = None
    etablissement_lieu_formation_uai: str | None = None
    uai_formation: str | None = None

    duree: str | None = None
    annee: str | None = None
    periode: list[str] = []
    date_debut: list[str] = []
    date_fin: list[str] = []
    modalites_entrees_sorties: list[bool] = []
    sessions: list[Session] = []
    tags: list[str] = []
    capacite: str | None = None
    effectif_minimal: list[int | None] = []
    capacite_simultanee: list[int | None] = []
    capacite_cumulee: list[int | None] = []
    entierement_a_distance: bool | None = None
    distanciel_lad: bool = False
