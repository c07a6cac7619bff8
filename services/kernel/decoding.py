"""Telling the events of a batch from what only looks like them."""

from collections.abc import Sequence
from typing import Any

from services.kernel.errors import Park
from services.kernel.events import Record
from services.kernel.parking import Parked


def decode(records: Sequence[Record]) -> tuple[list[tuple[Record, dict[str, Any]]], list[Parked]]:
    """Return the events with their data, in order, and what cannot be read, to be parked.

    An event has an id, a type, a sequence and a JSON object; its fields are the handler's to judge.
    """
    events: list[tuple[Record, dict[str, Any]]] = []
    parked: list[Parked] = []
    for record in records:
        try:
            data = record.json()
            _ = record.sequence, record.id
        except Park as error:
            parked.append(Parked(record, error.code, error.reason))
        else:
            events.append((record, data))
    return events, parked
