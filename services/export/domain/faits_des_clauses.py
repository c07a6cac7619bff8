"""The facts that each clause looks at, for who reads why it held or failed (domain.md §3.3)."""

from collections.abc import Mapping
from typing import Any, Final

from services.export.domain.campagne import Contexte
from services.export.domain.eligibilite import Clause

_SIRETS: Final = ("etablissement_gestionnaire_siret", "etablissement_formateur_siret")
_CHAMPS: Final[Mapping[Clause, tuple[str, ...]]] = {
    Clause.RETIREE: ("etat",),
    Clause.REMPLACEE: ("etat",),
    Clause.CONSTAT_BLOQUANT: ("bloquants",),
    Clause.HORS_FLUX: ("published",),
    Clause.HORS_CATALOGUE: ("catalogue_published", "forced_published"),
    Clause.A_DISTANCE: ("cle_ministere_educatif",),
    Clause.ANNEE: ("annee",),
    Clause.CERTIFICATION_PERIMEE: ("rncp_code", "cfd_outdated", "rncp_outdated"),
    Clause.CERTIFICATION_EXPIRE: ("rncp_code", "cfd_date_fermeture"),
    Clause.FICHE_INACTIVE: ("rncp_code",),
    Clause.AUCUNE_REGLE: ("niveau", "diplome", "duree", "annee", "num_academie"),
    Clause.EXCLUE_PAR_REGLE: ("niveau", "diplome"),
    Clause.EXCLUE_PAR_ACADEMIE: ("num_academie",),
    Clause.SANS_SESSION: ("date_debut",),
    Clause.SIRET_REFUSE: _SIRETS,
}
_DETAILS: Final[Mapping[Clause, tuple[str, ...]]] = {
    Clause.CERTIFICATION_EXPIRE: ("type_enregistrement", "date_fin_validite_enregistrement"),
    Clause.CERTIFICATION_PERIMEE: ("type_enregistrement",),
    Clause.FICHE_INACTIVE: ("type_enregistrement", "active_inactive"),
}


def faits(clause: Clause, formation: Mapping[str, Any], contexte: Contexte) -> dict[str, Any]:
    """Return what a clause saw: fields of the offer, and the bounds of the campaign or the day."""
    vus = {champ: formation.get(champ) for champ in _CHAMPS[clause]}
    details = formation.get("rncp_details") or {}
    vus |= {f"rncp_details.{un}": details.get(un) for un in _DETAILS.get(clause, ())}
    if clause is Clause.CERTIFICATION_EXPIRE:
        vus["apres_le"] = contexte.seuil
    if clause is Clause.SANS_SESSION:
        vus["session"] = list(contexte.campagne.session)
    return vus
