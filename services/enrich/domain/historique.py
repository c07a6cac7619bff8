"""Differences between two states of a formation, field by field."""

from collections.abc import Mapping
from typing import Any

Ecarts = dict[str, list[Any]]
"""By field: what it was, what it became."""


def ecarts(avant: Mapping[str, Any], apres: Mapping[str, Any]) -> Ecarts:
    """Return the fields that differ between two states (`calcul.Calcul.etat`).

    Fields of the description stand under their own names; findings are compared by their codes.
    """
    return {
        nom: [ancienne, nouvelle]
        for nom, nouvelle, ancienne in _paires(_a_plat(avant), _a_plat(apres))
        if ancienne != nouvelle
    }


def _paires(avant: Mapping[str, Any], apres: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    return [(nom, apres.get(nom), avant.get(nom)) for nom in {**avant, **apres}]


def _a_plat(etat: Mapping[str, Any]) -> dict[str, Any]:
    autour = {nom: valeur for nom, valeur in etat.items() if nom != "formation"}
    autour["constats"] = sorted(constat["code"] for constat in etat["constats"])
    return {**autour, **etat["formation"]}
