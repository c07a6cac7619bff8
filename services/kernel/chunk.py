"""Events packed for the outbox: an lz4 block of metadata and of the untouched bytes of the data.

The relay slices the data out again without parsing it.
"""

import struct
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

import cramjam
import orjson

from contracts.topics import ALL_TOPICS, Topic
from services.kernel.events import Event

_LENGTH: Final = struct.Struct("<I")
_BY_NAME: Final = {topic.name: topic for topic in ALL_TOPICS}


def pack(events: Sequence[Event], bytes_max: int) -> Iterator[tuple[Sequence[Event], bytes]]:
    """Yield `events` in order, packed in blocks of at most `bytes_max` of data (at least one)."""
    start = size = 0
    for position, event in enumerate(events):
        if size and size + len(event.data) > bytes_max:
            yield events[start:position], _pack(events[start:position])
            start, size = position, 0
        size += len(event.data)
    if start < len(events):
        yield events[start:], _pack(events[start:])


def unpack(block: bytes) -> list[Event]:
    """Return the events of a block, in order."""
    raw = bytes(cramjam.lz4.decompress_block(block))
    (length,) = _LENGTH.unpack_from(raw)
    position = _LENGTH.size + length
    events = []
    for topic, key, type_, sequence, time, id_, traceparent, size in orjson.loads(
        raw[_LENGTH.size : position]
    ):
        data = raw[position : position + size]
        position += size
        events.append(
            Event(
                _topic(topic),
                key,
                type_,
                sequence,
                data,
                datetime.fromisoformat(time),
                id_,
                traceparent,
            )
        )
    return events


def _pack(events: Sequence[Event]) -> bytes:
    rows: list[list[Any]] = [
        [e.topic.name, e.key, e.type, e.sequence, e.time, e.id, e.traceparent, len(e.data)]
        for e in events
    ]
    head = orjson.dumps(rows)
    raw = b"".join([_LENGTH.pack(len(head)), head, *(event.data for event in events)])
    return bytes(cramjam.lz4.compress_block(raw))


def _topic(name: str) -> Topic:
    return _BY_NAME[name]
