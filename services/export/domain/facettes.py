"""The facets that export can tell, and where each is in a stored offer (`metier/facettes.csv`)."""

from dataclasses import dataclass
from typing import Final

from contracts.statuts import Plateforme


@dataclass(frozen=True, slots=True)
class Facette:
    """One facet: its title, its field (`{p}` is the platform), whether it is of a platform.

    Without a field it follows from several facts (`derivees`). `absent` is the value that an absent
    field stands for. `seule` is the only platform that has it.
    """

    titre: str
    champ: str | None = None
    par_plateforme: bool = False
    absent: str | bool | None = None
    seule: Plateforme | None = None

    def existe(self, plateforme: Plateforme | None) -> bool:
        """Tell whether the facet has a meaning on a platform, or beside any."""
        if not self.par_plateforme:
            return True
        return plateforme is not None and self.seule in (None, plateforme)


def _du(
    titre: str,
    champ: str | None = None,
    absent: str | bool | None = None,  # noqa: FBT001
    seule: Plateforme | None = None,
) -> Facette:
    return Facette(titre, champ, par_plateforme=True, absent=absent, seule=seule)


_PS: Final = Plateforme.PARCOURSUP
_AF: Final = Plateforme.AFFELNET

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
    "reglementaire": Facette("Catalogue réglementaire", "projection.catalogue_published"),
    "qualite": Facette("Certifié qualité", "projection.etablissement_reference_certifie_qualite"),
    "habilite": Facette("Habilité RNCP", "projection.etablissement_reference_habilite_rncp"),
    "siret_actif": Facette("Statut du SIRET"),
    "agriculture": Facette("Formations agricoles"),
    "nouvelle_fiche": Facette("Nouvelle fiche"),
    "lien": Facette("Liens entre fiches"),
    "statut": _du("Statut", "affiche.{p}", absent="non publiable en l'état"),
    "statut_precedent": _du("Statut sur la précédente campagne", "precedents.{p}.statut"),
    "statut_initial": _du("Statut initial", "eligibilites.{p}.statut_initial"),
    "perimetre": _du("Dans le périmètre", "eligibilites.{p}.perimetre"),
    "session": _du("Session sur la campagne", "eligibilites.{p}.session"),
    "session_precedente": _du(
        "Session sur la précédente campagne", "eligibilites.{p}.session_precedente"
    ),
    "session_renouvelee": _du("Sessions renouvelées"),
    "publication_auto": _du("Publication automatique", "suivi.{p}.auto"),
    "visible": _du("Visible moteur de recherche", "relecture.{p}.visible", seule=_PS),
    "rejet": _du("Libellé de rejet", "suivi.{p}.rejet", seule=_PS),
    "tag_controle": _du("Contrôles suite à non publication", "suivi.{p}.tag"),
    "regle_academique": _du("Règle académique", seule=_AF),
    "candidatures": _du(
        "Statut de diffusion des candidatures sur la précédente campagne", seule=_AF
    ),
}


def champ(facette: Facette, plateforme: Plateforme | None) -> str:
    """Return the field of a facet that has one; a facet of a platform needs it."""
    return (facette.champ or "").format(p=plateforme.value if plateforme else "")
