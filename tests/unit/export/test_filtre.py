"""Complementary rules: what a filter means, and what is refused rather than guessed."""

from typing import Any

import pytest

from services.export.domain.filtre import compiler
from services.export.domain.filtre_arbre import FiltreRefuse

_OFFRE: dict[str, Any] = {
    "cfd": "32033422",
    "intitule_long": "GESTION DE LA PME",
    "libelle_court": "BTS 2",
    "published": True,
    "rncp_details": {"nsf_code": "324"},
    "bcn_mefs_10": [{"mef10": "2542110122"}, {"mef10": "2412110121"}],
    "date_debut": ["2021-09-01"],
}


@pytest.mark.parametrize(
    ("filtre", "admise"),
    [
        (None, True),
        ({}, True),
        ({"cfd": "32033422"}, True),
        ({"cfd": {"$eq": "32033421"}}, False),
        ({"cfd": {"$ne": "32033421"}}, True),
        ({"rncp_code": {"$ne": "RNCP1"}}, True),
        ({"rncp_code": None}, True),
        ({"cfd": {"$in": ["1", "32033422"]}}, True),
        ({"cfd": {"$nin": ["1", "32033422"]}}, False),
        ({"published": 1}, False),
        ({"rncp_details.nsf_code": "324"}, True),
        ({"intitule_long": {"$regex": "^GESTION"}}, True),
        ({"intitule_long": {"$regex": "gestion", "$options": "i"}}, True),
        ({"intitule_long": {"$not": {"$regex": "SPORT"}}}, True),
        ({"rncp_intitule": {"$not": {"$regex": "SPORT"}}}, True),
        ({"$or": [{"cfd": "1"}, {"libelle_court": {"$regex": "BTS|MC"}}]}, True),
        ({"$and": [{"cfd": {"$regex": "^3"}}, {"libelle_court": "CAP"}]}, False),
        ({"$nor": [{"cfd": "1"}, {"cfd": "2"}]}, True),
        ({"$and": [{"cfd": "32033422"}], "$or": [{"cfd": "1"}]}, False),
        ({"cfd": {"$exists": True}, "rncp_code": {"$exists": False}}, True),
        ({"date_debut": {"$gte": "2021-08-01", "$lt": "2022-08-01"}}, True),
        ({"bcn_mefs_10.mef10": {"$regex": "^254"}}, True),
        ({"bcn_mefs_10.mef10": {"$not": {"$regex": "^254"}}}, False),
        ({"bcn_mefs_10": {"$elemMatch": {"mef10": {"$regex": "^254.*22$"}}}}, True),
    ],
)
def test_a_filter_means_what_it_says(filtre: object, admise: bool) -> None:
    assert compiler(filtre)(_OFFRE) is admise


@pytest.mark.parametrize(
    "filtre",
    [
        {"$and": [{"bcn_mefs_10.mef10": {"$regex": "^254"}},
                  {"bcn_mefs_10.mef10": {"$regex": "21$"}}]},
        {"bcn_mefs_10.mef10": {"$regex": "^254", "$not": {"$regex": "22$"}}},
        {"$and": [{"bcn_mefs_10.mef10": {"$regex": "^254"}},
                  {"$or": [{"bcn_mefs_10.mef10": {"$regex": "21$"}},
                           {"bcn_mefs_10.mef10": {"$regex": "20$"}}]}]},
        {"bcn_mefs_10": {"$elemMatch": {"mef10": {"$regex": "^254", "$ne": "2542110122"}}}},
    ],
)  # fmt: skip
def test_criteria_on_one_array_hold_on_the_same_element(filtre: object) -> None:
    assert not compiler(filtre)(_OFFRE)
    meme = {"bcn_mefs_10": [{"mef10": "2542110121"}]}
    assert compiler(filtre)(meme)


@pytest.mark.parametrize(
    "filtre",
    [
        {"$where": "1"},
        {"inconnu": "x"},
        {"cfd": {"$size": 1}},
        {"cfd": {"$regex": "("}},
        {"cfd": {"$regex": "a", "$options": "x"}},
        {"cfd": ["a"]},
        {"cfd": {}},
        {"$and": []},
        {"bcn_mefs_10": "x"},
        {"bcn_mefs_10": {"$elemMatch": {"inconnu": "x"}}},
        ["cfd"],
        {"$or": [{"cfd": {"$in": "x"}}]},
    ],
)
def test_what_is_not_understood_is_refused_with_its_place(filtre: object) -> None:
    with pytest.raises(FiltreRefuse) as refus:
        compiler(filtre)
    assert refus.value.raison


def test_a_filter_that_is_too_deep_is_refused() -> None:
    filtre: dict[str, Any] = {"cfd": "1"}
    for _ in range(30):
        filtre = {"$and": [filtre]}
    with pytest.raises(FiltreRefuse, match="profond"):
        compiler(filtre)
