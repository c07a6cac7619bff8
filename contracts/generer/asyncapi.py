"""The AsyncAPI 3 document of the topics, from which a foreign client can be written."""

from typing import Any, Final

from pydantic.json_schema import models_json_schema

from contracts.generer.exemples import EXEMPLES
from contracts.generer.schemas import DIALECTE, MODELES, nom_court
from contracts.topics import TOPICS, Topic

VERSION: Final = "1.0.0"

_PRODUCTEURS: Final = {
    "offres": "collect",
    "formations": "enrich",
    "constats": "enrich",
    "avancement": "enrich, search, export",
    "publications": "export",
    "referentiels": "enrich",
    "avis": "export",
}

_CLES: Final = ("id", "depot", "table", "destinataire")

_MODE_D_EMPLOI: Final = """\
Events of the catalogue of apprenticeship trainings, on Apache Kafka.

**Envelope.** CloudEvents 1.0 in binary mode: attributes are record headers prefixed `ce_`, the
value is the JSON data, UTF-8. `ce_type` is the topic's name without namespace. An installation may
put a namespace before topic names (`x.catalogue.formations.v1`); the type stays the same.

**Reading.** Use `isolation.level=read_committed` (events are written in transactions) and
`auto.offset.reset=earliest`. Delivery is at least once: the same event (same `ce_id`) may come
again.

**Order.** The record key is the aggregate's id, also `ce_partitionkey`; all its events are in one
partition, oldest first. `ce_sequence` grows with each event of the aggregate and is 20 digits wide,
so that text order is number order; `sequence` in the data is the same number. Keep the highest
sequence that you applied for each key; skip an event that is not higher. One exception: the same
sequence with another `empreinte` is a repair and replaces what you hold. Sequences may have gaps.

**State.** `formations` and `publications` are compacted and carry the whole state: reading them
from the beginning gives the present state of every formation, nothing else is needed. A withdrawn
formation is a state (`etat` = `retiree` or `remplacee`), never a deleted record.

**Evolution.** Ignore fields and headers that you do not know; treat a missing optional field as its
default. Only optional fields are ever added to a version; any other change is a new topic (`.v2`).

**Validated offers.** The offers validated for a platform are those whose latest `publications`
event has `etat` = `active` and, for that platform, `statut` = `prêt pour intégration` or `publié`.
"""


def document() -> dict[str, Any]:
    """Return the document, whose references are all its own."""
    return {
        "asyncapi": "3.0.0",
        "id": "urn:catalogue:evenements",
        "info": {
            "title": "Catalogue des offres de formation en apprentissage : événements",
            "version": VERSION,
            "description": _MODE_D_EMPLOI,
            "license": {"name": "MIT"},
        },
        "defaultContentType": "application/json",
        "servers": {
            "developpement": {
                "host": "127.0.0.1:19092",
                "protocol": "kafka",
                "description": "The embedded stack; other installations give their own address.",
            }
        },
        "channels": {nom_court(topic): _canal(topic) for topic in TOPICS},
        "operations": {
            f"publier_{nom_court(topic)}": {
                "action": "send",
                "channel": {"$ref": f"#/channels/{nom_court(topic)}"},
                "summary": topic.description,
                "description": f"Sent by: {_PRODUCTEURS[nom_court(topic)]}.",
            }
            for topic in TOPICS
        },
        "components": {
            "messages": {nom_court(topic): _message(topic) for topic in TOPICS},
            "messageTraits": {"cloudevent": _trait()},
            "schemas": _schemas(),
        },
    }


def _canal(topic: Topic) -> dict[str, Any]:
    nom = nom_court(topic)
    configuration: dict[str, Any] = {"cleanup.policy": [topic.cleanup]}
    if topic.retention_ms is not None:
        configuration["retention.ms"] = topic.retention_ms
    return {
        "address": topic.name,
        "description": topic.description,
        "messages": {nom: {"$ref": f"#/components/messages/{nom}"}},
        "bindings": {
            "kafka": {
                "topic": topic.name,
                "partitions": topic.partitions,
                "topicConfiguration": configuration,
                "bindingVersion": "0.5.0",
            }
        },
    }


def _message(topic: Topic) -> dict[str, Any]:
    exemple = EXEMPLES[topic]
    return {
        "name": topic.name,
        "title": topic.description,
        "contentType": "application/json",
        "traits": [{"$ref": "#/components/messageTraits/cloudevent"}],
        "payload": {
            "schemaFormat": "application/schema+json;version=2020-12",
            "schema": {"$ref": f"#/components/schemas/{MODELES[topic].__name__}"},
        },
        "bindings": {
            "kafka": {
                "key": {"type": "string", "description": f"Id: {topic.key}."},
                "bindingVersion": "0.5.0",
            }
        },
        "examples": [{"headers": _entetes(topic, exemple), "payload": exemple}],
    }


def _entetes(topic: Topic, exemple: dict[str, Any]) -> dict[str, str]:
    cle = str(next(exemple[champ] for champ in _CLES if champ in exemple))
    sequence = int(exemple.get("sequence", 1))
    return {
        "ce_specversion": "1.0",
        "ce_id": f"{cle}.{sequence}",
        "ce_source": f"catalogue/{_PRODUCTEURS[nom_court(topic)].split(',')[0]}",
        "ce_type": topic.name,
        "ce_time": "2026-11-25T08:30:00.123000+00:00",
        "ce_sequence": f"{sequence:020d}",
        "ce_partitionkey": cle,
        "content-type": "application/json",
    }


def _trait() -> dict[str, Any]:
    texte = {"type": "string"}
    return {
        "headers": {
            "type": "object",
            "required": [
                *("ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time"),
                *("ce_sequence", "ce_partitionkey", "content-type"),
            ],
            "properties": {
                "ce_specversion": {"type": "string", "const": "1.0"},
                "ce_id": {**texte, "description": "Unique per event; equal for a redelivery."},
                "ce_source": {**texte, "description": "`catalogue/` and the service."},
                "ce_type": {**texte, "description": "The topic's name, without namespace."},
                "ce_time": {**texte, "format": "date-time"},
                "ce_sequence": {
                    **texte,
                    "pattern": "^[0-9]{20}$",
                    "description": "Order of the events of one key, comparable as text.",
                },
                "ce_partitionkey": {**texte, "description": "The record's key."},
                "content-type": {"type": "string", "const": "application/json"},
                "traceparent": {**texte, "description": "W3C trace context, when traced."},
            },
        }
    }


def _schemas() -> dict[str, Any]:
    _, definitions = models_json_schema(
        [(modele, "validation") for modele in MODELES.values()],
        ref_template="#/components/schemas/{model}",
    )
    return {
        nom: {"$schema": DIALECTE, **definition}
        for nom, definition in sorted(definitions["$defs"].items())
    }
