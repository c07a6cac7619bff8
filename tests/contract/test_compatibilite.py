"""Which changes of a frozen schema are let through, and which are stopped (design.md §5)."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from contracts.compatibilite import (
    CONTRAINTE,
    EXIGE,
    PLUS_EXIGE,
    RETIRE,
    RETYPE,
    VALEUR_AJOUTEE,
    VALEUR_RETIREE,
    ruptures,
)
from contracts.generer import schemas
from contracts.topics import TOPICS, Topic

Schema = dict[str, Any]

FIGE: Schema = {
    "type": "object",
    "required": ["id", "formation"],
    "properties": {
        "id": {"type": "string", "minLength": 26},
        "motif": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None},
        "etat": {"$ref": "#/$defs/Etat"},
        "rangs": {"type": "array", "items": {"type": "integer"}},
        "bornes": {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "integer"}]},
        "formation": {"$ref": "#/$defs/Formation"},
        "plateformes": {"type": "object", "additionalProperties": {"type": "boolean"}},
    },
    "$defs": {
        "Etat": {"type": "string", "enum": ["active", "retiree"]},
        "Formation": {
            "type": "object",
            "required": ["cfd"],
            "properties": {
                "cfd": {"type": "string"},
                "successeur": {"$ref": "#/$defs/Formation"},
            },
        },
    },
}


def change(etape: Callable[[Schema], object]) -> Schema:
    nouveau = copy.deepcopy(FIGE)
    etape(nouveau)
    return nouveau


def formation(schema: Schema) -> Schema:
    cible: Schema = schema["$defs"]["Formation"]
    return cible


LAISSES = {
    "nothing": lambda _: None,
    "an optional field": lambda s: s["properties"].update(note={"type": "string"}),
    "an optional field deep inside": lambda s: formation(s)["properties"].update(
        note={"anyOf": [{"type": "integer"}, {"type": "null"}]}
    ),
    "a default": lambda s: s["properties"]["motif"].update(default="x"),
    "a description": lambda s: formation(s).update(description="autre", title="Autre"),
    "the name of a definition": lambda s: (
        s["$defs"].update(Etape=s["$defs"].pop("Etat")),
        s["properties"].update(etat={"$ref": "#/$defs/Etape"}),
    ),
    "the order of alternatives": lambda s: s["properties"]["motif"]["anyOf"].reverse(),
    "a list of types instead of alternatives": lambda s: s["properties"].update(
        motif={"type": ["null", "string"]}
    ),
}

ARRETES = {
    "a field removed": (lambda s: s["properties"].pop("rangs"), "$.rangs", RETIRE),
    "a field renamed deep inside": (
        lambda s: formation(s)["properties"].update(code=formation(s)["properties"].pop("cfd")),
        "$.formation.cfd",
        RETIRE,
    ),
    "a field retyped": (lambda s: s["properties"]["id"].update(type="integer"), "$.id", RETYPE),
    "a null let in": (
        lambda s: s["properties"].update(id={"type": ["string", "null"], "minLength": 26}),
        "$.id",
        RETYPE,
    ),
    "a null shut out": (
        lambda s: s["properties"].update(motif={"type": "string"}),
        "$.motif",
        RETYPE,
    ),
    "elements retyped": (
        lambda s: s["properties"]["rangs"].update(items={"type": "string"}),
        "$.rangs[]",
        RETYPE,
    ),
    "an element of a tuple retyped": (
        lambda s: s["properties"]["bornes"]["prefixItems"][1].update(type="string"),
        "$.bornes[1]",
        RETYPE,
    ),
    "a tuple made longer": (
        lambda s: s["properties"]["bornes"]["prefixItems"].append({"type": "integer"}),
        "$.bornes[]",
        RETYPE,
    ),
    "values of a map retyped": (
        lambda s: s["properties"]["plateformes"].update(additionalProperties={"type": "string"}),
        "$.plateformes.*",
        RETYPE,
    ),
    "a known field newly required": (lambda s: s["required"].append("motif"), "$.motif", EXIGE),
    "a new field required": (
        lambda s: (
            formation(s)["properties"].update(rncp={"type": "string"}),
            formation(s)["required"].append("rncp"),
        ),
        "$.formation.rncp",
        EXIGE,
    ),
    "a field no longer promised": (lambda s: s["required"].remove("id"), "$.id", PLUS_EXIGE),
    "an enumeration narrowed": (
        lambda s: s["$defs"]["Etat"]["enum"].remove("retiree"),
        "$.etat",
        VALEUR_RETIREE,
    ),
    "an enumeration widened": (
        lambda s: s["$defs"]["Etat"]["enum"].append("remplacee"),
        "$.etat",
        VALEUR_AJOUTEE,
    ),
    "a free text enumerated": (
        lambda s: formation(s)["properties"]["cfd"].update(enum=["50022139"]),
        "$.formation.cfd",
        VALEUR_RETIREE,
    ),
    "a constraint tightened": (
        lambda s: s["properties"]["id"].update(minLength=30),
        "$.id",
        CONTRAINTE,
    ),
    "unknown fields shut out": (
        lambda s: s.update(additionalProperties=False),
        "$.*",
        CONTRAINTE,
    ),
}


@pytest.mark.parametrize("nom", LAISSES)
def test_is_let_through(nom: str) -> None:
    assert ruptures(FIGE, change(LAISSES[nom])) == []


@pytest.mark.parametrize("nom", ARRETES)
def test_is_stopped(nom: str) -> None:
    etape, chemin, nature = ARRETES[nom]

    (rupture,) = ruptures(FIGE, change(etape))

    assert (rupture.chemin, rupture.nature) == (chemin, nature)
    assert str(rupture).startswith(f"{chemin} : {nature}")


@pytest.mark.parametrize("topic", TOPICS, ids=schemas.nom_court)
class TestOnEachFrozenSchema:
    def test_itself_is_let_through(self, topic: Topic) -> None:
        assert ruptures(schemas.schema(topic), schemas.schema(topic)) == []

    def test_any_field_removed_is_stopped(self, topic: Topic) -> None:
        for nom in schemas.schema(topic)["properties"]:
            nouveau = schemas.schema(topic)
            del nouveau["properties"][nom]

            assert (f"$.{nom}", RETIRE) in [r[:2] for r in ruptures(schemas.schema(topic), nouveau)]

    def test_any_field_retyped_is_stopped(self, topic: Topic) -> None:
        for nom in schemas.schema(topic)["properties"]:
            nouveau = schemas.schema(topic)
            nouveau["properties"][nom] = {"type": "number"}

            assert (f"$.{nom}", RETYPE) in [r[:2] for r in ruptures(schemas.schema(topic), nouveau)]

    def test_any_optional_field_newly_required_is_stopped(self, topic: Topic) -> None:
        fige = schemas.schema(topic)
        for nom in set(fige["properties"]) - set(fige["required"]):
            nouveau = schemas.schema(topic)
            nouveau["required"].append(nom)

            assert [r[:2] for r in ruptures(fige, nouveau)] == [(f"$.{nom}", EXIGE)]
