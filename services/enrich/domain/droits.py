"""Who may correct what of a formation, and so see who corrected it (contracts/portees.py)."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from contracts import portees
from contracts.droits import Droit, peut
from contracts.portees import Role
from services.enrich.domain.editions import COURRIELS, EDITABLES

_DU_LIEU: Final = frozenset(
    (
        "lieu_formation_adresse",
        "code_postal",
        "code_commune_insee",
        "localite",
        "lieu_formation_geo_coordonnees",
        "etablissement_lieu_formation_siret",
        "uai_formation",
    )
)
DE_L_ACADEMIE: Final = _DU_LIEU | COURRIELS
"""What an instructeur may correct in his académie: the place, and whom to write to."""

_RIEN: Final[frozenset[str]] = frozenset()


def corrigibles(
    role: str, scopes: frozenset[str], formation: Mapping[str, Any], region: str | None
) -> frozenset[str]:
    """Return the fields that the holder of a key may correct in a formation; none out of scope.

    `formation` is the description as it stands; `region` is the INSEE code of its place's région.
    A depositor is judged as collect judges him: by both organisms, or by his territory.
    """
    if role == Role.ADMINISTRATEUR:
        return EDITABLES
    if peut(role, Droit.MODIFIER_INFORMATIONS):
        return DE_L_ACADEMIE if _couvre(scopes, _de_l_academie(formation)) else _RIEN
    if role == Role.DEPOSANT:
        return EDITABLES if _couvre(scopes, _du_deposant(formation, region)) else _RIEN
    return _RIEN


def couvre_etablissement(
    role: str, scopes: frozenset[str], siret: str, num_academie: str | None
) -> bool:
    """Tell whether the holder of a key may say how to reach an establishment."""
    if role == Role.ADMINISTRATEUR:
        return True
    if peut(role, Droit.MODIFIER_INFORMATIONS):
        return _couvre(scopes, _de_l_academie({"num_academie": num_academie}))
    return role == Role.DEPOSANT and _couvre(scopes, iter((portees.siret(siret),)))


def _couvre(scopes: frozenset[str], voulues: Iterator[str]) -> bool:
    return portees.TOUT in scopes or any(portee in scopes for portee in voulues)


def _du_deposant(formation: Mapping[str, Any], region: str | None) -> Iterator[str]:
    for role in ("gestionnaire", "formateur"):
        if siret := formation.get(f"etablissement_{role}_siret"):
            yield portees.siret(siret)
    if departement := formation.get("num_departement"):
        yield portees.departement(departement)
    if region:
        yield portees.region(region)
    yield from _de_l_academie(formation)


def _de_l_academie(formation: Mapping[str, Any]) -> Iterator[str]:
    """Yield the scope of the place's académie: numbers are compared as numbers."""
    if numero := formation.get("num_academie"):
        yield portees.academie(numero)
        yield portees.academie(numero.lstrip("0"))
        yield portees.academie(numero.zfill(2))
