"""An offer as deposited: the field's own names (domain.md §1), all values as collected.

The model is the *normalised* form that travels on `offres`; what a depositor may write (historic
names, text instead of numbers, one cell instead of a list) is brought to it by collect.
"""

from pydantic import BaseModel, ConfigDict


class Offre(BaseModel):
    """One offer: one certification, one pair of organisms, one place, one duration and entry year.

    Dates are civil dates `AAAA-MM-JJ`, months `AAAA-MM`. Coordinates are `lat,lon` in decimal
    degrees, or the text as declared where it does not say that. A missing fact is null; a list that
    was not given is empty. `cle_attribuee`: the catalogue gave the clé, not a Carif-Oref.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    cle_ministere_educatif: str | None = None
    cle_attribuee: bool = False
    reference: str | None = None
    id_formation: str | None = None
    id_action: str | None = None
    ids_action: list[str] = []
    id_certifinfo: str | None = None
    cle_me_remplace: list[str] = []
    cle_me_remplace_par: list[str] = []

    cfd: str | None = None
    cfd_specialite: str | None = None
    rncp_code: str | None = None
    intitule_rco: str | None = None

    etablissement_gestionnaire_siret: str | None = None
    etablissement_gestionnaire_uai: str | None = None
    etablissement_gestionnaire_raison_sociale: str | None = None
    etablissement_gestionnaire_adresse: str | None = None
    etablissement_gestionnaire_code_postal: str | None = None
    etablissement_gestionnaire_code_commune_insee: str | None = None
    etablissement_gestionnaire_localite: str | None = None
    etablissement_gestionnaire_courriel: str | None = None

    etablissement_formateur_siret: str | None = None
    etablissement_formateur_uai: str | None = None
    etablissement_formateur_raison_sociale: str | None = None
    etablissement_formateur_adresse: str | None = None
    etablissement_formateur_code_postal: str | None = None
    etablissement_formateur_code_commune_insee: str | None = None
    etablissement_formateur_localite: str | None = None
    etablissement_formateur_courriel: str | None = None

    lieu_formation_adresse: str | None = None
    code_postal: str | None = None
    code_commune_insee: str | None = None
    localite: str | None = None
    lieu_formation_geo_coordonnees: str | None = None
    etablissement_lieu_formation_siret: str | None = None
    etablissement_lieu_formation_uai: str | None = None
    uai_formation: str | None = None

    duree: str | None = None
    annee: str | None = None
    periode: list[str] = []
    date_debut: list[str] = []
    date_fin: list[str] = []
    modalites_entrees_sorties: list[bool] = []
    capacite: str | None = None
    effectif_minimal: list[int | None] = []
    capacite_simultanee: list[int | None] = []
    capacite_cumulee: list[int | None] = []
    entierement_a_distance: bool | None = None

    published: bool = True
    catalogue_published: bool | None = None
    forced_published: bool | None = None
