"""Events going out and records coming in: CloudEvents 1.0 in binary mode (design.md §5).

The headers of a record: `ce_specversion`, `ce_id`, `ce_source`, `ce_type`, `ce_time`,
`ce_sequence` (20 digits, ordered as text), `ce_partitionkey` (also the record's key),
`content-type` and, when there is a trace, `traceparent`. The value is a JSON object.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import orjson

from contracts.topics import Topic
from services.kernel import tracing
from services.kernel.errors import Park

SEQUENCE_DIGITS: Final = 20
RECORD_BYTES_MAX: Final = 1_000_000  # the broker's own limit is 1,048,588 for a whole batch

Headers = list[tuple[str, bytes]]


class EventTooLarge(ValueError):
    """An event that no broker would take: refused before it is written anywhere."""


@dataclass(slots=True)
class Event:
    """A fact to publish on `topic`, in order with the other events of the same `key`."""

    topic: Topic
    key: str
    type: str
    sequence: int
    data: bytes
    time: datetime
    id: str
    traceparent: str | None


def make_event(
    topic: Topic,
    key: str,
    sequence: int,
    data: Mapping[str, Any] | bytes,
    time: datetime,
    *,
    id: str | None = None,  # noqa: A002 - CloudEvents' own name
    traceparent: str | None = None,
) -> Event:
    """Make an event of the topic's type.

    `sequence` must grow with every event of the aggregate. `id` is `<key>.<sequence>` unless the
    key has several events at one sequence. `traceparent` defaults to the trace being followed.

    Raises:
        EventTooLarge: the data exceeds `RECORD_BYTES_MAX`.
    """
    payload = data if isinstance(data, bytes) else orjson.dumps(data)
    if len(payload) > RECORD_BYTES_MAX:
        raise EventTooLarge(f"{topic.name} {key}: {len(payload)} octets")
    return Event(
        topic,
        key,
        topic.name,
        sequence,
        payload,
        time,
        id or f"{key}.{sequence}",
        traceparent or tracing.current_traceparent(),
    )


def event_headers(event: Event, source: bytes) -> Headers:
    """Return the headers of an event published by `source` (`catalogue/<service>`)."""
    headers = [
        ("ce_specversion", b"1.0"),
        ("ce_id", event.id.encode()),
        ("ce_source", source),
        ("ce_type", event.type.encode()),
        ("ce_time", event.time.astimezone(UTC).isoformat().encode()),
        ("ce_sequence", b"%020d" % event.sequence),
        ("ce_partitionkey", event.key.encode()),
        ("content-type", b"application/json"),
    ]
    if event.traceparent:
        headers.append(("traceparent", event.traceparent.encode()))
    return headers


def source(service: str) -> bytes:
    """Return the CloudEvents source of a service."""
    return f"catalogue/{service}".encode()


class Record:
    """A record as read, before anything in it is believed: its place, raw key, headers, value.

    `topic` is the declared name (`contracts.topics`), without namespace. Nothing is decoded until
    asked for, so that a batch of a thousand costs next to nothing to hold.
    """

    __slots__ = ("_headers", "_raw", "key", "offset", "partition", "timestamp_ms", "topic", "value")

    def __init__(
        self,
        topic: str,
        partition: int,
        offset: int,
        timestamp_ms: int,
        key: bytes | None,
        headers: Mapping[str, bytes] | Iterable[tuple[str, bytes]],
        value: bytes | None,
    ) -> None:
        """Keep the parts as they are."""
        self.topic = topic
        self.partition = partition
        self.offset = offset
        self.timestamp_ms = timestamp_ms
        self.key = key
        self.value = value
        self._raw = headers
        self._headers: dict[str, bytes] | None = None

    def __repr__(self) -> str:
        return f"<Record {self.position}>"

    @property
    def position(self) -> str:
        """The place that no other record has: `<topic>/<partition>/<offset>`."""
        return f"{self.topic}/{self.partition}/{self.offset}"

    @property
    def headers(self) -> dict[str, bytes]:
        """The headers; of a repeated name the last one."""
        if self._headers is None:
            self._headers = dict(self._raw)
        return self._headers

    @property
    def header_list(self) -> list[tuple[str, bytes]]:
        """The headers as they are in the log, repeated names included."""
        return list(self._raw.items() if isinstance(self._raw, Mapping) else self._raw)

    @property
    def id(self) -> str:
        """The event's id; raises `Park` when there is none."""
        return self._text("ce_id")

    @property
    def type(self) -> str:
        """The event's type; raises `Park` when there is none."""
        return self._text("ce_type")

    @property
    def sequence(self) -> int:
        """The aggregate's sequence; raises `Park` when it is missing or no natural number."""
        digits = self.headers.get("ce_sequence")
        if not digits or len(digits) > SEQUENCE_DIGITS or not digits.isdigit():
            raise Park("sequence_absente", "L'en-tête ce_sequence manque ou n'est pas un nombre.")
        return int(digits)

    @property
    def traceparent(self) -> str | None:
        """The trace that the event belongs to, if any."""
        raw = self.headers.get("traceparent")
        return raw.decode("ascii", "replace") if raw else None

    def json(self) -> dict[str, Any]:
        """Return the data of the event.

        Raises:
            Park: no value, no JSON, not an object, or not an event (headers missing).
        """
        if not self.value:
            raise Park("sans_contenu", "L'enregistrement n'a pas de contenu.")
        if "ce_id" not in self.headers or "ce_type" not in self.headers:
            raise Park("entetes_absents", "Les en-têtes ce_id et ce_type sont obligatoires.")
        try:
            data = orjson.loads(self.value)
        except orjson.JSONDecodeError as error:
            raise Park("json_illisible", f"Le contenu n'est pas du JSON : {error}.") from error
        if not isinstance(data, dict):
            raise Park("pas_un_objet", "Le contenu n'est pas un objet JSON.")
        return data

    def _text(self, name: str) -> str:
        raw = self.headers.get(name)
        if not raw:
            raise Park("entetes_absents", f"L'en-tête {name} manque.")
        try:
            return raw.decode()
        except UnicodeDecodeError as error:
            raise Park("entete_illisible", f"L'en-tête {name} n'est pas de l'UTF-8.") from error
