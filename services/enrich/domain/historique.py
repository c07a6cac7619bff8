"""Differences between two states of a formation, and the way back to what it was.

Only the leaves that changed are kept: a field inside another stands under both names, joined by a
dot (`rncp_details.active_inactive`). Findings are kept by their codes alone.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias

Ecarts: TypeAlias = dict[str, list[Any]]
"""By field: what it was, what it became."""

AUTOUR: Final = ("etat", "motif_retrait", "remplacee_par", "predecesseurs", "constats")
"""What a state says besides its description; no field of `contracts.formation` has these names."""


def ecarts(avant: Mapping[str, Any], apres: Mapping[str, Any]) -> Ecarts:
    """Return the fields that differ between two states (`calcul.Calcul.etat`).

    A field that a state does not have counts as null, which means unknown.
    """
    trouves: Ecarts = {}
    _comparer(a_plat(avant), a_plat(apres), "", trouves)
    return trouves


def a_plat(etat: Mapping[str, Any]) -> dict[str, Any]:
    """Return a state in one level: fields of the description under their own names."""
    autour = {nom: etat[nom] for nom in AUTOUR}
    autour["constats"] = sorted(constat["code"] for constat in etat["constats"])
    return {**autour, **etat["formation"]}


def remonter(plat: Mapping[str, Any], entrees: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the flat state before these changes, given newest first, made what it is."""
    passe = dict(plat)
    for champs in entrees:
        for chemin, (avant, _) in champs.items():
            _poser(passe, chemin, avant)
    return passe


def cumuler(entrees: Iterable[Mapping[str, Any]]) -> Ecarts:
    """Return what these changes, given oldest first, come to: back where it was is no change."""
    cumul: Ecarts = {}
    for champs in entrees:
        for chemin, (avant, apres) in champs.items():
            if chemin in cumul:
                cumul[chemin][1] = apres
            else:
                cumul[chemin] = [avant, apres]
    return {chemin: bouts for chemin, bouts in cumul.items() if bouts[0] != bouts[1]}


def _comparer(
    avant: Mapping[str, Any], apres: Mapping[str, Any], prefixe: str, trouves: Ecarts
) -> None:
    for nom in {**avant, **apres}:
        ancienne, nouvelle = avant.get(nom), apres.get(nom)
        if ancienne == nouvelle:
            continue
        if isinstance(ancienne, Mapping) and isinstance(nouvelle, Mapping):
            _comparer(ancienne, nouvelle, f"{prefixe}{nom}.", trouves)
        else:
            trouves[prefixe + nom] = [ancienne, nouvelle]


def _poser(dans: dict[str, Any], chemin: str, valeur: object) -> None:
    nom, point, reste = chemin.partition(".")
    if not point:
        dans[nom] = valeur
        return
    dans[nom] = dict(dans[nom])
    _poser(dans[nom], reste, valeur)
