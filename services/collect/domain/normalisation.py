"""From one record as deposited to an offer under the field's own names (domain.md §1)."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from contracts.evenements import Confiance
from contracts.identifiants import periode
from services.collect.domain.champs import CHAMPS, IGNORE, chercher
from services.collect.domain.constat import Constat, constat
from services.collect.domain.lecture_champs import Offre
from services.collect.domain.lecture_lieu import joindre_les_axes

_VIDES: Final[tuple[Any, ...]] = (None, "", [])
_UNE_PAR_LIGNE: Final = "Une ligne décrit une action : un groupe, un lieu et ses dates."
_ZEROS: Final = frozenset({bool, int, float})


class Normalisee(NamedTuple):
    """An offer, what its values say by themselves, and the columns that mean no field."""

    offre: Offre
    constats: list[Constat]
    inconnues: list[str]


def normaliser(brut: Mapping[str, Any]) -> Normalisee:
    """Return the offer that a record describes. Any JSON object is accepted; nothing is raised.

    Facts that were not given, and those equal to the default of `contracts.offre.Offre`, are absent
    from the result, so that equal offers are equal mappings; a normalised offer is its own
    normalisation. Where a field comes under several names, its own name counts.
    """
    offre: Offre = {}
    constats: list[Constat] = []
    inconnues: list[str] = []
    for nom, valeur in brut.items():
        if not valeur and type(valeur) not in _ZEROS:
            continue
        champ = CHAMPS.get(nom) or chercher(nom)
        if champ is None:
            inconnues.append(nom)
            continue
        propre, lire, alias = champ
        if champ is not IGNORE and not (alias and _deja(propre, brut, offre)):
            lire(propre, valeur, offre, constats)
    _joindre_les_actions(offre, constats)
    if "latitude" in offre or "longitude" in offre:
        joindre_les_axes(brut, offre)
    if offre.get("published") is True:
        del offre["published"]
    return Normalisee(offre, constats, inconnues)


def _deja(nom: str, brut: Mapping[str, Any], offre: Offre) -> bool:
    return nom in offre or brut.get(nom) not in _VIDES


def _joindre_les_actions(offre: Offre, constats: list[Constat]) -> None:
    """Write the actions in one order: collectors join them in any, and `id_action` is identity."""
    jointes = offre.get("id_action")
    if jointes is None:
        ids = offre.get("ids_action", [])
    elif "|" not in jointes and "##" not in jointes and "ids_action" not in offre:
        offre["ids_action"] = [jointes]
        return
    else:
        ids = sorted({*periode.morceaux(jointes), *offre.get("ids_action", [])})
    if ids:
        offre["id_action"], offre["ids_action"] = "|".join(ids), ids
    if len(ids) > 1:
        constats.append(
            constat(
                "actions_multiples",
                "id_action",
                len(ids),
                " ; ".join(ids),
                raison=_UNE_PAR_LIGNE,
                confiance=Confiance.MOYENNE,
            )
        )
