"""The facets that export can tell, and where each is in a stored offer (`metier/facettes.csv`)."""

from dataclasses import dataclass
from typing import Final

from contracts.statuts import Plateforme


@dataclass(frozen=True, slots=True)
class Facette:
    """One facet: its title, its field (`{p}` is the platform), whether it is of a platform.

    `absent` is the value that an absent field stands for.
    """

    titre: str
    champ: str
    par_plateforme: bool = False
    absent: str | bool | None = None


def _du(titre: str, champ: str, absent: str | bool | None = None) -> Facette:  # noqa: FBT001
    return Facette(titre, champ, par_plateforme=True, absent=absent)


FACETTES: Final[dict[str, Facette]] = {
    "academie": Facette("Académie", "projection.num_academie"),
    "region": Facette("Région", "projection.region"),
    "departement": Facette("Département", "projection.num_departement"),
    "niveau": Facette("Niveau visé", "projection.niveau"),
    "diplome": Facette("Diplôme", "projection.diplome"),
    "annee": Facette("Année d'entrée en apprentissage", "projection.annee"),
    "duree": Facette("Durée de la formation", "projection.duree"),
    "tag": Facette("Début de formation (année)", "projection.tags"),
    "etat": Facette("État de l'offre", "projection.etat", absent="active"),
    "qualite": Facette("Certifié qualité", "projection.etablissement_reference_certifie_qualite"),
    "habilite": Facette("Habilité RNCP", "projection.etablissement_reference_habilite_rncp"),
    "statut": _du("Statut", "affiche.{p}", absent="non publiable en l'état"),
    "statut_precedent": _du("Statut sur la précédente campagne", "precedents.{p}.statut"),
    "statut_initial": _du("Statut initial", "eligibilites.{p}.statut_initial"),
    "perimetre": _du("Dans le périmètre", "eligibilites.{p}.perimetre"),
    "session": _du("Session sur la campagne", "eligibilites.{p}.session"),
    "session_precedente": _du(
        "Session sur la précédente campagne", "eligibilites.{p}.session_precedente"
    ),
    "publication_auto": _du("Publication automatique", "suivi.{p}.auto"),
    "rejet": _du("Libellé de rejet", "suivi.{p}.rejet"),
    "tag_controle": _du("Contrôles suite à non publication", "suivi.{p}.tag"),
}


def champ(facette: Facette, plateforme: Plateforme | None) -> str:
    """Return the field of a facet; a facet of a platform needs one."""
    return facette.champ.format(p=plateforme.value if plateforme else "")
