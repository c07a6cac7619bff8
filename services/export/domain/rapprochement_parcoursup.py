"""How strongly a row of Parcoursup resembled an offer, from 2020 to 2022 (domain.md §4.3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

_UAIS: Final = (
    "uai_formation",
    "etablissement_gestionnaire_uai",
    "etablissement_formateur_uai",
)
_SIRETS: Final = ("etablissement_gestionnaire_siret", "etablissement_formateur_siret")
_CODES_POSTAUX: Final = (
    "code_postal",
    "etablissement_gestionnaire_code_postal",
    "etablissement_formateur_code_postal",
)


@dataclass(frozen=True, slots=True)
class LigneHistorique:
    """A row; a code that it lacks is None and matches nothing."""

    codes_cfd: Sequence[str] = ()
    codes_rncp: Sequence[str] = ()
    uais: frozenset[str] = field(default_factory=frozenset)
    siret: str | None = None
    code_postal: str | None = None
    code_commune_insee: str | None = None
    nom_academie: str | None = None


def force(formation: Mapping[str, Any], ligne: LigneHistorique) -> int | None:
    """Return the strength, 1 to 8 without 4, or None; a certification must agree first."""
    rncp = formation.get("rncp_code") in ligne.codes_rncp
    cfd = formation.get("cfd_entree") in ligne.codes_cfd
    if not (rncp or cfd):
        return None
    siret = _parmi(ligne.siret, formation, _SIRETS)
    insee = _parmi(ligne.code_commune_insee, formation, ("code_commune_insee",))
    academie = _parmi(ligne.nom_academie, formation, ("nom_academie",))
    postal = _parmi(ligne.code_postal, formation, _CODES_POSTAUX)
    uai = any(_parmi(un, formation, _UAIS) for un in ligne.uais)
    forces = (
        (8, siret and insee and academie and rncp and cfd),
        (7, siret and insee and academie),
        (6, postal and insee and academie),
        (5, postal and insee),
        (3, uai and insee),
        (2, uai or siret),
        (1, insee),
    )
    return next((force for force, tenue in forces if tenue), None)


def _parmi(code: str | None, formation: Mapping[str, Any], champs: Sequence[str]) -> bool:
    return code is not None and any(formation.get(champ) == code for champ in champs)
