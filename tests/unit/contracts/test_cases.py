"""The acceptance cases that identifiers alone answer (tests/acceptance/cases.json)."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from contracts.identifiants import (
    cfd,
    cle,
    code_postal,
    insee,
    modalite,
    periode,
    rncp,
    sessions,
    siret,
    uai,
)

CASES = Path(__file__).parents[2] / "acceptance" / "cases.json"
Given = dict[str, Any]


def _modalite(given: Given) -> dict[str, Any]:
    lues = {champ: modalite.normaliser(given[champ]) for champ in ("duree", "annee")}
    for champ, lue in lues.items():
        if lue is None:
            return {"error": champ}
    return {champ: modalite.en_nombre(lue) for champ, lue in lues.items()}


def _sessions(given: Given) -> dict[str, Any]:
    paires = sessions.apparier(given["date_debut"], given["date_fin"], duree=2, annee=1)
    return {"sessions": [{"debut": p.debut, "fin": p.fin, "capacite": 10} for p in paires]}


def _parts(given: Given) -> dict[str, Any]:
    lue = cle.lire(given["cle_ministere_educatif"])
    return {"parts": lue._asdict() if lue else None}


def _annule_annee(given: Given) -> dict[str, Any]:
    ancienne, nouvelle = cle.lire(given["old_key"]), cle.lire(given["new_key"])
    return {"same_offer": bool(ancienne and nouvelle and cle.precise_l_annee(ancienne, nouvelle))}


ANSWERS: dict[str, list[tuple[set[str], Callable[[Given], dict[str, Any]]]]] = {
    "identifiers/UAI": [
        (
            {"uai"},
            lambda g: {"valid": uai.est_valide(g["uai"]), "normalised": uai.normaliser(g["uai"])},
        ),
        ({"text"}, lambda g: {"uai": uai.extraire(g["text"])}),
    ],
    "identifiers/SIRET": [
        (
            {"siret"},
            lambda g: {
                "valid": siret.est_valide(g["siret"]),
                "normalised": siret.normaliser(g["siret"]),
            },
        )
    ],
    "identifiers/CFD": [({"cfd"}, lambda g: {"valid": cfd.est_valide(g["cfd"])})],
    "identifiers/RNCP": [
        (
            {"rncp"},
            lambda g: {
                "code": rncp.normaliser(g["rncp"]),
                "error": rncp.normaliser(g["rncp"]) is None,
            },
        )
    ],
    "identifiers/clé ministère éducatif": [({"cle_ministere_educatif"}, _parts)],
    "identifiers/geo codes": [
        ({"code_postal"}, lambda g: {"valid": code_postal.est_valide(g["code_postal"])}),
        ({"code_insee"}, lambda g: {"valid": insee.est_valide(g["code_insee"])}),
    ],
    "dates": [
        (
            {"periode"},
            lambda g: {
                "tags": periode.tags(g["periode"]),
                "lines_include": periode.lignes(g["periode"]),
            },
        )
    ],
    "collection/sessions": [
        ({"date_debut", "date_fin"}, _sessions),
        ({"duree", "annee"}, _modalite),
    ],
    "collection/key changes": [
        ({"old_key", "new_key", "old_annee", "id_action"}, _annule_annee),
    ],
}


def _cases() -> Iterator[Any]:
    """Yield the cases whose answer needs no table: académies and names are enrich's to tell."""
    for case in json.loads(CASES.read_bytes())["cases"]:
        for keys, answer in ANSWERS.get(case["group"], []):
            if set(case["given"]) == keys and not {"academie", "region"} & set(case["expect"]):
                yield pytest.param(case, answer, id=case["id"])


@pytest.mark.parametrize(("case", "answer"), list(_cases()))
def test_case(case: dict[str, Any], answer: Callable[[Given], dict[str, Any]]) -> None:
    got = answer(case["given"])
    expected = case["expect"]

    if case.get("historic_bug"):
        assert got["valid"] is expected["desired_valid"]
        return
    for key, value in expected.items():
        if key == "lines_include":
            assert set(value) <= set(got[key])
        else:
            assert got[key] == value
