"""Filters of the historic API: operators that were not allowed do nothing, at any depth."""

from typing import Any

import pytest

from services.export.domain.requete_historique import (
    PROFONDEUR_MAX,
    Operateurs,
    RequeteTropProfonde,
    assainir,
)


@pytest.mark.parametrize(
    ("requete", "permis", "saine"),
    [
        ({"$where": "x"}, Operateurs.AUCUN, {"_where": "x"}),
        ({"a.b": {"$in": ["x"]}}, Operateurs.AUCUN, {"a.b": {"_in": ["x"]}}),
        ({"a.b": {"$in": ["x"]}}, Operateurs.LECTURE, {"a.b": {"$in": ["x"]}}),
        ({"$or": [{"$where": "x"}]}, Operateurs.LECTURE, {"$or": [{"_where": "x"}]}),
        ({"$expr": {"$function": {}}}, Operateurs.LECTURE, {"_expr": {"_function": {}}}),
        ({"$set": {"a": 1}}, Operateurs.ECRITURE, {"_set": {"a": 1}}),
        ({"$push": {"a": {"$in": 1}}}, Operateurs.ECRITURE, {"$push": {"a": {"_in": 1}}}),
        ([{"$where": 1}], Operateurs.AUCUN, [{"_where": 1}]),
        ("$where", Operateurs.AUCUN, "$where"),
        ({"$IN": [1]}, Operateurs.LECTURE, {"_IN": [1]}),
        ({"a$": 1}, Operateurs.AUCUN, {"a$": 1}),
    ],
)
def test_only_the_allowed_operators_stay(requete: Any, permis: Operateurs, saine: Any) -> None:  # noqa: ANN401
    assert assainir(requete, permis) == saine


def test_what_was_given_is_left_as_it_is() -> None:
    requete = {"a": {"$where": ["x"]}}
    assainir(requete, Operateurs.AUCUN)

    assert requete == {"a": {"$where": ["x"]}}


def test_a_filter_without_end_is_refused() -> None:
    requete: dict[str, Any] = {}
    for _ in range(PROFONDEUR_MAX):
        requete = {"a": requete}

    with pytest.raises(RequeteTropProfonde):
        assainir(requete, Operateurs.LECTURE)
