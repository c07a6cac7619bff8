"""The recovered cases of enrichment/…, answered by our rules."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from tests.acceptance.enrichment import NonPrisEnCharge, Tables, repondre

CAS: Final = [
    cas
    for cas in json.loads(Path(__file__).with_name("cases.json").read_text(encoding="utf-8"))[
        "cases"
    ]
    if cas["group"].startswith("enrichment/")
]


@pytest.fixture(scope="module")
def tables() -> Tables:
    dossier = os.environ.get("CATALOGUE_REFDATA")
    if not dossier:
        pytest.skip("CATALOGUE_REFDATA ne désigne aucun dossier de référentiels")
    return Tables(Path(dossier))


@pytest.mark.acceptance
@pytest.mark.parametrize("cas", CAS, ids=[cas["id"] for cas in CAS])
def test_the_rules_answer_as_the_case_expects(cas: Mapping[str, Any], tables: Tables) -> None:
    try:
        reponse = repondre(cas["group"], cas["given"], tables)
    except NonPrisEnCharge as manque:
        pytest.skip(f"pas encore pris en charge : {manque}")
    assert _ecarts(cas["expect"], reponse, historic_bug=cas.get("historic_bug", False)) == {}


def _ecarts(
    attendu: Mapping[str, Any], reponse: Mapping[str, Any], *, historic_bug: bool
) -> dict[str, Any]:
    """Return what differs from what is judged: all keys, or what a fixed bug should give."""
    juges = {
        cle.removeprefix("desired_"): valeur
        for cle, valeur in attendu.items()
        if cle != "must" and historic_bug == cle.startswith("desired_")
    }
    return {
        cle: (valeur, reponse.get(cle))
        for cle, valeur in juges.items()
        if reponse.get(cle) != valeur
    }
