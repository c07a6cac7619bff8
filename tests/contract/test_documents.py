"""The committed documents are those that the code generates, and say what the code does."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from contracts.generer import asyncapi, openapi, schemas
from contracts.generer.__main__ import differences, interdites, main
from contracts.generer.exemples import EXEMPLES
from contracts.topics import TOPICS, Topic
from services.kernel.events import Record, event_headers, make_event, source

CONTRATS = Path(__file__).parents[2] / "contracts"
FIXTURES = Path(__file__).parent / "fixtures"


def fige(topic: Topic) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((CONTRATS / "schemas" / schemas.fichier(topic)).read_text())
    return schema


def fixture(topic: Topic) -> dict[str, Any]:
    evenement: dict[str, Any] = json.loads((FIXTURES / schemas.fichier(topic)).read_text())
    return evenement


def test_the_committed_documents_are_those_generated() -> None:
    assert differences() == []
    assert interdites() == {}
    assert main(["--verifier"]) == 0


def test_a_document_out_of_date_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([], tmp_path) == 0
    (tmp_path / "asyncapi.json").write_text("{}")

    assert main(["--verifier"], tmp_path) == 1
    assert "asyncapi.json" in capsys.readouterr().err


def test_a_frozen_schema_is_not_overwritten_by_one_that_breaks_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main([], tmp_path)
    chemin = tmp_path / "schemas" / "formations.v1.json"
    plus_large = json.loads(chemin.read_text())
    plus_large["properties"]["disparu"] = {"type": "string"}
    chemin.write_text(json.dumps(plus_large))

    assert main([], tmp_path) == 1
    assert "$.disparu : retiré" in capsys.readouterr().err
    assert "disparu" in chemin.read_text()


def test_an_unknown_argument_is_refused() -> None:
    assert main(["--autre"]) == 2


@pytest.mark.parametrize("topic", TOPICS, ids=schemas.nom_court)
class TestEachTopic:
    def test_its_example_satisfies_its_schema_and_its_model(self, topic: Topic) -> None:
        jsonschema_rs.Draft202012Validator(fige(topic)).validate(EXEMPLES[topic])
        schemas.MODELES[topic].model_validate(EXEMPLES[topic])

    def test_what_a_model_writes_satisfies_the_frozen_schema(self, topic: Topic) -> None:
        ecrit = schemas.MODELES[topic].model_validate(EXEMPLES[topic]).model_dump(mode="json")

        jsonschema_rs.Draft202012Validator(fige(topic)).validate(ecrit)

    def test_an_old_event_is_still_read(self, topic: Topic) -> None:
        schemas.MODELES[topic].model_validate(fixture(topic))

    def test_an_added_optional_field_breaks_no_reader(self, topic: Topic) -> None:
        futur = {**fixture(topic), "champ_du_futur": {"a": [1]}}

        jsonschema_rs.Draft202012Validator(fige(topic)).validate(futur)
        lu = schemas.MODELES[topic].model_validate(futur)
        assert lu == schemas.MODELES[topic].model_validate(fixture(topic))

    def test_a_missing_required_field_is_no_event(self, topic: Topic) -> None:
        schema = jsonschema_rs.Draft202012Validator(fige(topic))

        for nom in fige(topic)["required"]:
            assert not schema.is_valid({c: v for c, v in fixture(topic).items() if c != nom})


class TestAsyncApi:
    document = asyncapi.document()

    def test_every_topic_is_a_channel_as_declared(self) -> None:
        assert {c["address"] for c in self.document["channels"].values()} == {
            t.name for t in TOPICS
        }
        for topic in TOPICS:
            kafka = self.document["channels"][schemas.nom_court(topic)]["bindings"]["kafka"]
            assert kafka["partitions"] == topic.partitions
            assert kafka["topicConfiguration"]["cleanup.policy"] == [topic.cleanup]
            assert kafka["topicConfiguration"].get("retention.ms") == topic.retention_ms

    def test_every_reference_is_found_in_the_document(self) -> None:
        for reference in _references(self.document):
            cible: Any = self.document
            for etape in reference.removeprefix("#/").split("/"):
                cible = cible[etape]

    @pytest.mark.parametrize("topic", TOPICS, ids=schemas.nom_court)
    def test_its_headers_are_those_that_the_relays_write(self, topic: Topic) -> None:
        trait = self.document["components"]["messageTraits"]["cloudevent"]["headers"]
        evenement = make_event(topic, "K", 7, EXEMPLES[topic], datetime(2026, 11, 25, tzinfo=UTC))
        ecrits = {nom: v.decode() for nom, v in event_headers(evenement, source("enrich"))}

        jsonschema_rs.Draft202012Validator(trait).validate(ecrits)
        assert set(trait["required"]) == set(ecrits)
        (exemple,) = self.document["components"]["messages"][schemas.nom_court(topic)]["examples"]
        jsonschema_rs.Draft202012Validator(trait).validate(exemple["headers"])
        assert (
            Record(topic.name, 0, 0, 0, b"K", event_headers(evenement, b"s"), b"{}").sequence == 7
        )


@pytest.mark.parametrize("nom", [nom for nom in openapi.APIS if openapi.existe(nom)])
def test_each_api_is_described_in_openapi_3_1(nom: str) -> None:
    document = json.loads((CONTRATS / "openapi" / f"{nom}.json").read_text())

    assert document["openapi"].startswith("3.1")
    assert document["paths"]
    assert "servers" not in document


def _references(noeud: Any) -> set[str]:  # noqa: ANN401 - any JSON value
    if isinstance(noeud, list):
        return {r for valeur in noeud for r in _references(valeur)}
    if not isinstance(noeud, dict):
        return set()
    propre = {noeud["$ref"]} if isinstance(noeud.get("$ref"), str) else set()
    return propre | {r for valeur in noeud.values() for r in _references(valeur)}
