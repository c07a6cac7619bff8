"""What makes an offer complete: the facts that young people and platforms need (domain.md §1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from contracts.identifiants.modalite import NON_COLLECTE


@dataclass(frozen=True, slots=True)
class Element:
    """A fact: any one of its fields gives it. `recommande` counts in the rate only."""

    code: str
    libelle: str
    champs: tuple[str, ...]
    recommande: bool = False


ELEMENTS: Final[tuple[Element, ...]] = (
    Element("cle", "Clé ministère éducatif", ("cle_ministere_educatif",)),
    Element("cfd", "Diplôme (CFD)", ("cfd",)),
    Element("rncp", "Fiche RNCP", ("rncp_code",)),
    Element("intitule", "Intitulé", ("intitule_long", "intitule_rco", "rncp_intitule")),
    Element("niveau", "Niveau", ("niveau",)),
    Element("gestionnaire", "Nom du gestionnaire", ("etablissement_gestionnaire_raison_sociale",)),
    Element("uai_gestionnaire", "UAI du gestionnaire", ("etablissement_gestionnaire_uai",)),
    Element("formateur", "Nom du formateur", ("etablissement_formateur_raison_sociale",)),
    Element("uai_formateur", "UAI du formateur", ("etablissement_formateur_uai",)),
    Element("commune", "Commune du lieu", ("code_commune_insee",)),
    Element("code_postal", "Code postal du lieu", ("code_postal",)),
    Element("localite", "Nom de la commune du lieu", ("localite",)),
    Element("academie", "Académie du lieu", ("num_academie",)),
    Element("position", "Position du lieu", ("latitude", "lieu_formation_geo_coordonnees")),
    Element("uai_lieu", "UAI du lieu", ("uai_formation",)),
    Element("duree", "Durée", ("duree",)),
    Element("annee", "Année d'entrée", ("annee",)),
    Element("sessions", "Dates de début", ("date_debut",)),
    Element("adresse", "Adresse du lieu", ("lieu_formation_adresse",), recommande=True),
    Element("fins", "Dates de fin", ("date_fin",), recommande=True),
    Element("capacite", "Capacité", ("capacite", "capacite_simultanee"), recommande=True),
    Element("metiers", "Métiers préparés (ROME)", ("romes",), recommande=True),
    Element("mef", "MEF", ("bcn_mefs_10",), recommande=True),
)
CHAMPS: Final = tuple(dict.fromkeys(champ for element in ELEMENTS for champ in element.champs))


def manquants(etat: Mapping[str, Any]) -> list[Element]:
    """Return what an offer, or the formation that it became, does not tell."""
    return [element for element in ELEMENTS if not any(map(_dit, map(etat.get, element.champs)))]


def est_complete(lacunes: list[Element]) -> bool:
    """Tell whether nothing is missing but what is only recommended."""
    return all(element.recommande for element in lacunes)


def _dit(valeur: object) -> bool:
    return valeur not in (None, "", [], NON_COLLECTE)
