"""The historic query form: repaired where its client errs, closed to everything else."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.export.domain.forme_historique import choisir, selection
from services.export.domain.requete_champs import CHAMPS
from services.export.domain.requete_lecture import RequeteRefusee, lire_json
from services.export.domain.requete_typee import traduire

STATUT = "publication.plateformes.affelnet.statut"


def test_the_query_of_affelnet_is_read_as_its_client_sends_it() -> None:
    lue = lire_json(
        '{"affelnet_statut":{"$in":["publié","en attente de publication"]},"num_academie" :01}',
        "query",
    )

    assert traduire(lue) == {
        "$and": [
            {STATUT: {"$in": ["publié", "prêt pour intégration"]}},
            {"projection.num_academie": {"$in": ["01", "1"]}},
        ]
    }


@pytest.mark.parametrize(
    ("texte", "lu"),
    [
        ('{"num_academie":16}', {"num_academie": 16}),
        ('{"a":[01,002,-0.5,10,0]}', {"a": [1, 2, -0.5, 10, 0]}),
        ('{"cfd":"0012 :03","b":"\\"07"}', {"cfd": "0012 :03", "b": '"07'}),
        ("", {}),
        (None, {}),
    ],
)
def test_only_numbers_are_repaired(texte: str | None, lu: dict[str, Any]) -> None:
    assert lire_json(texte, "query") == lu


@pytest.mark.parametrize("texte", ["{", "[]", '"x"', "{'a':1}", '{"a":1}}', "[" * 9_000])
def test_what_is_no_object_is_refused(texte: str) -> None:
    with pytest.raises(RequeteRefusee, match="query"):
        lire_json(texte, "query")


@pytest.mark.parametrize(
    ("requete", "lieu"),
    [
        ({"$where": "hello"}, "$where"),
        ({"$expr": {"$eq": [1, 1]}}, "$expr"),
        ({"cfd": {"$where": "x"}}, "cfd.$where"),
        ({"cfd": {"$function": {}}}, "cfd.$function"),
        ({"$or": [{"cfd": "x"}, {"$where": "x"}]}, "$or[1].$where"),
        ({"$or": []}, "$or"),
        ({"decisions.affelnet.auteur": "x"}, "decisions.affelnet.auteur"),
        ({"projection.cfd": "x"}, "projection.cfd"),
        ({"cfd": {"$in": "x"}}, "cfd.$in"),
        ({"cfd": {"$in": [{"$ne": 1}]}}, "cfd.$in"),
        ({"cfd": ["x"]}, "cfd"),
        ({"cfd": {}}, "cfd"),
        ({"cfd": {"$regex": "(a+)+$"}}, "cfd.$regex"),
        ({"cfd": {"$regex": "^a", "$options": "x"}}, "cfd.$options"),
        ({"published": "true"}, "published"),
        ({"bcn_mefs_10": "x"}, "bcn_mefs_10"),
        ({"bcn_mefs_10": {"$elemMatch": {"$where": 1}}}, "bcn_mefs_10.$elemMatch.$where"),
        ({"cfd": {"$not": "x"}}, "cfd.$not"),
        ({"cfd": "x" * 301}, "cfd"),
        ({"$and": [{"cfd": str(rang)} for rang in range(101)]}, "$and[100].cfd"),
    ],
)
def test_what_is_not_understood_tells_where(requete: dict[str, Any], lieu: str) -> None:
    with pytest.raises(RequeteRefusee) as refus:
        traduire(requete)
    assert refus.value.lieu == lieu


def test_a_query_too_deep_is_refused() -> None:
    requete: dict[str, Any] = {"cfd": "x"}
    for _ in range(20):
        requete = {"$and": [requete]}
    with pytest.raises(RequeteRefusee, match="profonde"):
        traduire(requete)


@pytest.mark.parametrize(
    ("requete", "filtre"),
    [
        ({}, {}),
        ({"cfd": None}, {"projection.cfd": {"$in": [None]}}),
        ({"cfd": 40022106}, {"projection.cfd": {"$in": ["40022106"]}}),
        ({"published": True}, {"projection.published": {"$in": [True]}}),
        (
            {"intitule_long": {"$regex": "^CUISINE", "$options": "i"}},
            {"projection.intitule_long": {"$regex": "^CUISINE", "$options": "i"}},
        ),
        (
            {"bcn_mefs_10": {"$elemMatch": {"mef10": "1", "annee": {"$ne": "2"}}}},
            {
                "projection.bcn_mefs_10": {
                    "$elemMatch": {"mef10": {"$in": ["1"]}, "annee": {"$nin": ["2"]}}
                }
            },
        ),
        (
            {"date_debut": {"$gte": "2026-08-01", "$lte": "2027-07-31"}},
            {"projection.date_debut": {"$gte": "2026-08-01", "$lte": "2027-07-31"}},
        ),
        (
            {"$nor": [{"parcoursup_id": {"$exists": True}}]},
            {"$nor": [{"publication.plateformes.parcoursup.identifiant": {"$exists": True}}]},
        ),
    ],
)
def test_known_fields_and_operators_are_translated(
    requete: dict[str, Any], filtre: dict[str, Any]
) -> None:
    assert traduire(requete) == filtre


SIMPLES = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
CLES = st.sampled_from(
    [*list(CHAMPS)[:8], "$where", "$and", "$in", "$regex", "$not", "$elemMatch", "$expr"]
)
QUELCONQUES = st.recursive(
    SIMPLES,
    lambda dedans: st.lists(dedans, max_size=3) | st.dictionaries(CLES, dedans, max_size=3),
    max_leaves=12,
)
_PERMIS = {
    *("$and", "$or", "$nor", "$not", "$in", "$nin", "$all", "$size", "$exists", "$regex"),
    *("$options", "$elemMatch", "$gt", "$gte", "$lt", "$lte"),
}


@given(st.dictionaries(CLES, QUELCONQUES, max_size=4))
def test_nothing_but_known_paths_and_operators_comes_out(requete: dict[str, Any]) -> None:
    try:
        filtre = traduire(requete)
    except RequeteRefusee:
        return
    assert _cles(filtre) <= _PERMIS | set(CHAMPS.values())


def _cles(valeur: object) -> set[str]:
    if isinstance(valeur, dict):
        return set(valeur).union(*map(_cles, valeur.values()))
    return set().union(*map(_cles, valeur)) if isinstance(valeur, list) else set()


def test_a_selection_gives_or_leaves_out() -> None:
    forme = {"_id": "a", "cfd": "1", "niveau": "3"}

    assert choisir(forme, selection({"cfd": 1}, forme)) == {"_id": "a", "cfd": "1"}
    assert choisir(forme, selection({"cfd": 0, "__v": 0}, forme)) == {"_id": "a", "niveau": "3"}
    assert choisir(forme, selection({}, forme)) == forme
    for refusee in ({"auteur": 1}, {"cfd": 1, "niveau": 0}, {"cfd": "$x"}):
        with pytest.raises(RequeteRefusee, match="select"):
            selection(refusee, forme)
