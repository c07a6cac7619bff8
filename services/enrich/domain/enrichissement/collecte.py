"""The facts that an offer carries over unchanged, whoever deposited it (domain.md §1)."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from contracts.identifiants.cle import SITE_A_DISTANCE

RECOPIES: Final = (
    "cle_ministere_educatif",
    "id_formation",
    "id_action",
    "id_certifinfo",
    "cfd_specialite",
    "intitule_rco",
    "catalogue_published",
    "forced_published",
    "lieu_formation_adresse",
    "etablissement_lieu_formation_siret",
    "etablissement_lieu_formation_uai",
    "duree",
    "annee",
    "capacite",
    "entierement_a_distance",
)


def recopier(offre: Mapping[str, Any], anciennes_cles: Sequence[str]) -> dict[str, Any]:
    """Return the fields that need no table."""
    lire = offre.get
    champs = {nom: lire(nom) for nom in RECOPIES}
    cle = champs["cle_ministere_educatif"]
    champs["anciennes_cles"] = list(anciennes_cles)
    champs["ids_action"] = lire("ids_action") or []
    champs["id_rco_formation"] = _triplet(offre)
    champs["cle_attribuee"] = lire("cle_attribuee") is True
    champs["published"] = lire("published") is not False
    champs["distanciel_lad"] = (cle or "").endswith("#" + SITE_A_DISTANCE)
    return champs


def _triplet(offre: Mapping[str, Any]) -> str | None:
    """Return the legacy RCO identifier: its three parts joined by a bar."""
    parties = (offre.get("id_formation"), offre.get("id_action"), offre.get("id_certifinfo"))
    return "|".join(map(str, parties)) if all(parties) else None
