"""A partner's reader of publications, written from `contracts/asyncapi.json` and nothing else.

It uses another Kafka client than the product, and no line of the product's code: what it knows
(addresses, keys, headers, schemas, how to keep the latest state, what "validated" means) is in
the document.
"""

from dataclasses import dataclass, field
from typing import Any

import jsonschema_rs
import orjson
from confluent_kafka import Consumer, KafkaError, Message, TopicPartition

VALIDATED = ("prêt pour intégration", "publié")

Document = dict[str, Any]


@dataclass
class Reader:
    """Reads one channel of the document from its beginning; `latest` holds the state by key."""

    document: Document
    channel: str
    servers: str
    namespace: str = ""
    latest: dict[str, Document] = field(default_factory=dict)
    read: int = 0

    def __post_init__(self) -> None:
        (message,) = self._followed(self.document["channels"][self.channel]["messages"].values())
        self._type = message["name"]
        self._payload = self._validator(message["payload"]["schema"])
        self._headers = [
            self._validator(trait["headers"]) for trait in self._followed(message["traits"])
        ]

    @property
    def topic(self) -> str:
        """The address of the channel, under the installation's namespace."""
        address = str(self.document["channels"][self.channel]["address"])
        return f"{self.namespace}.{address}" if self.namespace else address

    def read_to_the_end(self) -> None:
        """Apply everything that the topic holds now.

        Raises:
            jsonschema_rs.ValidationError: a message is not what the document says.
        """
        consumer = Consumer(
            {
                "bootstrap.servers": self.servers,
                "group.id": "partenaire",
                "isolation.level": "read_committed",
                "auto.offset.reset": "earliest",
                "enable.auto.commit": False,
                "enable.partition.eof": True,
            }
        )
        try:
            partitions = consumer.list_topics(self.topic).topics[self.topic].partitions
            consumer.assign([TopicPartition(self.topic, number, 0) for number in partitions])
            open_ends = set(partitions)
            while open_ends:
                for message in consumer.consume(500, timeout=0.5):
                    error = message.error()
                    if error is None:
                        self._apply(message)
                    elif error.code() == KafkaError._PARTITION_EOF:
                        open_ends.discard(message.partition())
                    else:
                        raise AssertionError(error)
        finally:
            consumer.close()

    def validated(self, platform: str) -> set[str]:
        """Return the ids of the offers that are validated for a platform."""
        return {
            key
            for key, state in self.latest.items()
            if state["etat"] == "active" and state[platform]["statut"] in VALIDATED
        }

    def _apply(self, message: Message) -> None:
        headers = {name: _text(value) for name, value in dict(message.headers() or ()).items()}
        state = orjson.loads(message.value() or b"")
        for validator in self._headers:
            validator.validate(headers)
        self._payload.validate(state)
        key = _text(message.key())
        assert headers["ce_type"] == self._type
        assert key == headers["ce_partitionkey"] == state["id"]
        assert int(headers["ce_sequence"]) == state["sequence"]
        self.read += 1
        held = self.latest.get(key)
        if held is None or _replaces(state, held):
            self.latest[key] = state

    def _validator(self, schema: Document) -> jsonschema_rs.Draft202012Validator:
        # References inside schemas point to the document's own components.
        return jsonschema_rs.Draft202012Validator(
            {**schema, "components": self.document["components"]}
        )

    def _followed(self, references: Any) -> list[Document]:  # noqa: ANN401 - any JSON
        return [self._follow(reference["$ref"]) for reference in references]

    def _follow(self, reference: str) -> Document:
        target: Any = self.document
        for name in reference.removeprefix("#/").split("/"):
            target = target[name]
        return self._follow(target["$ref"]) if "$ref" in target else dict(target)


def _text(value: str | bytes | None) -> str:
    return value if isinstance(value, str) else (value or b"").decode()


def _replaces(state: Document, held: Document) -> bool:
    """Tell whether a state is newer, or a repair of the one that is held."""
    if state["sequence"] == held["sequence"]:
        return bool(state["empreinte"] != held["empreinte"])
    return bool(state["sequence"] > held["sequence"])
