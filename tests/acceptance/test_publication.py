"""The recovered cases that the publication rules answer already (cases README)."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from tests.acceptance import decisions, perimetre

_FICHIER: Final = json.loads(Path(__file__).with_name("cases.json").read_text(encoding="utf-8"))
_DEFAUTS: Final = _FICHIER["defaults"]
# Told by the decision's own record (who, when, motif) rather than by fields that are emptied.
_NON_JUGES: Final = frozenset({"clears", "sets", "only_updates", "raison_depublication"})


def _repondre(groupe: str, given: Mapping[str, Any]) -> dict[str, Any] | None:
    if groupe.startswith("perimeter/"):
        return perimetre.repondre(given, _DEFAUTS)
    if groupe.startswith("one bad night"):
        return perimetre.nuits(given, _DEFAUTS)
    if groupe == "instructor decisions":
        return decisions.decider(given)
    if groupe == "Parcoursup feed":
        return decisions.envoyer(given)
    return None


CAS: Final = [
    cas
    for cas in _FICHIER["cases"]
    if cas["group"].startswith(("perimeter/", "one bad night", "instructor", "Parcoursup feed"))
]


@pytest.mark.acceptance
@pytest.mark.parametrize("cas", CAS, ids=[cas["id"] for cas in CAS])
def test_our_answer_is_the_expected_one(cas: Mapping[str, Any]) -> None:
    try:
        reponse = _repondre(cas["group"], cas["given"])
    except decisions.NonPrisEnCharge as manque:
        pytest.skip(f"pas encore pris en charge : {manque}")
    assert reponse is not None
    assert _ecarts(cas, reponse) == {}


def _ecarts(cas: Mapping[str, Any], reponse: Mapping[str, Any]) -> dict[str, Any]:
    """Return what differs from what is judged: what a mended bug should give, else all keys."""
    attendu = {
        cle: valeur
        for cle, valeur in cas["expect"].items()
        if cle not in _NON_JUGES and not cle.startswith("historic_")
    }
    voulus = {cle.removeprefix("desired_"): v for cle, v in attendu.items() if "desired_" in cle}
    juges = voulus or attendu
    return {
        cle: (valeur, reponse.get(cle))
        for cle, valeur in juges.items()
        if not _egal(valeur, reponse.get(cle))
    }


def _egal(attendu: object, recu: object) -> bool:
    if isinstance(attendu, str) and attendu.startswith("starts with "):
        return str(recu).startswith(attendu.removeprefix("starts with "))
    return attendu == recu or (attendu is not None and str(attendu) == str(recu))
