"""The fields that a historic query may name, and where each is in a stored offer."""

from collections.abc import Mapping
from typing import Final

from contracts.statuts import Plateforme
from services.export.domain.champs import DETAILS_RNCP, SIMPLES, TABLEAUX

STATUTS: Final = frozenset(f"{plateforme}_statut" for plateforme in Plateforme)
BOOLEENS: Final = frozenset(
    {
        "published",
        "catalogue_published",
        "forced_published",
        "cfd_outdated",
        "rncp_outdated",
        "entierement_a_distance",
        "parcoursup_published",
        *(f"{plateforme}_perimetre" for plateforme in Plateforme),
        *(f"{plateforme}_session" for plateforme in Plateforme),
        *(f"{plateforme}_previous_session" for plateforme in Plateforme),
    }
)


def _d_une_plateforme(nom: str) -> dict[str, str]:
    montre = f"publication.plateformes.{nom}"
    juge = f"eligibilites.{nom}"
    return {
        f"{nom}_statut": f"{montre}.statut",
        f"{nom}_id": f"{montre}.identifiant",
        f"{nom}_perimetre": f"{montre}.perimetre",
        f"{nom}_published_date": f"{montre}.publiee_le",
        f"{nom}_raison_depublication": f"{montre}.motif",
        f"{nom}_session": f"{juge}.session",
        f"{nom}_previous_session": f"{juge}.session_precedente",
        f"{nom}_statut_initial": f"{juge}.statut_initial",
        f"{nom}_previous_statut": f"precedents.{nom}.statut",
    }


CHAMPS: Final[Mapping[str, str]] = {
    "_id": "_id",
    "id": "_id",
    **{champ: f"projection.{champ}" for champ in SIMPLES},
    **{f"rncp_details.{membre}": f"projection.rncp_details.{membre}" for membre in DETAILS_RNCP},
    **{champ: f"projection.{champ}" for champ, membres in TABLEAUX.items() if not membres},
    **{
        f"{champ}.{membre}": f"projection.{champ}.{membre}"
        for champ, membres in TABLEAUX.items()
        for membre in membres
    },
    **{
        champ: chemin
        for plateforme in Plateforme
        for champ, chemin in _d_une_plateforme(plateforme.value).items()
    },
    "id_parcoursup": "publication.plateformes.parcoursup.identifiant",
    "parcoursup_published": "relecture.parcoursup.visible",
    "affelnet_infos_offre": "textes.affelnet.infos_offre",
    "affelnet_modalites_offre": "textes.affelnet.modalites_offre",
    "affelnet_url_infos_offre": "textes.affelnet.url_infos_offre",
    "affelnet_url_modalites_offre": "textes.affelnet.url_modalites_offre",
    "affelnet_secteur": "couverture.affelnet.secteur",
    "affelnet_code_nature": "couverture.affelnet.code_nature",
}
TABLEAUX_D_OBJETS: Final[Mapping[str, str]] = {
    champ: f"projection.{champ}" for champ, membres in TABLEAUX.items() if membres
}
