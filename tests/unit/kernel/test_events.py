"""Events going out and records coming in."""

from datetime import datetime, timedelta, timezone

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.topics import ALL_TOPICS, OFFRES
from services.kernel import chunk
from services.kernel.decoding import decode
from services.kernel.errors import Park
from services.kernel.events import (
    RECORD_BYTES_MAX,
    Event,
    EventTooLarge,
    Record,
    event_headers,
    make_event,
)
from services.kernel.tracing import current_traceparent, following

NOON_IN_PARIS = datetime(2026, 1, 1, 12, tzinfo=timezone(timedelta(hours=1)))
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def record(value: bytes | None, headers: dict[str, bytes] | None = None) -> Record:
    given_headers = {"ce_id": b"a.1", "ce_type": b"t", "ce_sequence": b"%020d" % 1}
    return Record("t", 0, 5, 0, b"a", given_headers if headers is None else headers, value)


class TestMakeEvent:
    def test_names_itself_by_key_and_sequence(self) -> None:
        event = make_event(OFFRES, "a", 12, {"x": 1}, NOON_IN_PARIS)
        assert (event.id, event.type, event.data) == ("a.12", "catalogue.offres.v1", b'{"x":1}')

    def test_takes_the_given_id_and_bytes(self) -> None:
        event = make_event(OFFRES, "a", 1, b"{}", NOON_IN_PARIS, id="a.enrichie.3")
        assert (event.id, event.data) == ("a.enrichie.3", b"{}")

    def test_belongs_to_the_trace_being_followed(self) -> None:
        with following(TRACE):
            assert make_event(OFFRES, "a", 1, {}, NOON_IN_PARIS).traceparent == TRACE
        assert make_event(OFFRES, "a", 1, {}, NOON_IN_PARIS).traceparent is None

    def test_refuses_what_no_broker_would_take(self) -> None:
        with pytest.raises(EventTooLarge):
            make_event(OFFRES, "a", 1, b"x" * (RECORD_BYTES_MAX + 1), NOON_IN_PARIS)

    def test_becomes_headers_of_the_binary_mode(self) -> None:
        event = make_event(OFFRES, "é", 3, {}, NOON_IN_PARIS, traceparent=TRACE)
        assert dict(event_headers(event, b"catalogue/collect")) == {
            "ce_specversion": b"1.0",
            "ce_id": "é.3".encode(),
            "ce_source": b"catalogue/collect",
            "ce_type": b"catalogue.offres.v1",
            "ce_time": b"2026-01-01T11:00:00+00:00",
            "ce_sequence": b"00000000000000000003",
            "ce_partitionkey": "é".encode(),
            "content-type": b"application/json",
            "traceparent": TRACE.encode(),
        }


class TestRecord:
    def test_gives_its_data_sequence_and_id(self) -> None:
        good = record(b'{"x": 1}')
        assert (good.json(), good.sequence, good.id) == ({"x": 1}, 1, "a.1")
        assert good.position == "t/0/5"

    @pytest.mark.parametrize(
        ("value", "code"),
        [
            (None, "sans_contenu"),
            (b"", "sans_contenu"),
            (b"{", "json_illisible"),
            (b"\xff", "json_illisible"),
            (b"NaN", "json_illisible"),
            (b"[]", "pas_un_objet"),
            (b"null", "pas_un_objet"),
        ],
    )
    def test_is_parked_when_it_is_no_object(self, value: bytes | None, code: str) -> None:
        with pytest.raises(Park) as raised:
            record(value).json()
        assert raised.value.code == code

    @pytest.mark.parametrize("digits", [b"", b"-1", b"1.0", b"douze", b"9" * 21, "٣".encode()])
    def test_has_a_natural_sequence_or_is_parked(self, digits: bytes) -> None:
        with pytest.raises(Park, match="sequence_absente"):
            _ = record(b"{}", {"ce_sequence": digits}).sequence

    def test_is_told_apart_without_stopping_at_the_bad(self) -> None:
        batch = [record(b'{"n": 1}'), record(b"bad"), record(b"{}", {}), record(b'{"n": 2}')]
        events, parked = decode(batch)
        assert [data for _, data in events] == [{"n": 1}, {"n": 2}]
        assert [(item.record, item.code) for item in parked] == [
            (batch[1], "json_illisible"),
            (batch[2], "entetes_absents"),
        ]


events = st.lists(
    st.builds(
        Event,
        st.sampled_from(ALL_TOPICS),
        st.text(min_size=1),
        st.just("t"),
        st.integers(0, 2**63 - 1),
        st.dictionaries(st.text(), st.text()).map(orjson.dumps),
        st.datetimes(timezones=st.just(NOON_IN_PARIS.tzinfo)),
        st.text(min_size=1),
        st.none() | st.just(TRACE),
    )
)


class TestChunk:
    @given(events, st.integers(1, 200))
    def test_gives_back_what_was_packed(self, packed: list[Event], size: int) -> None:
        blocks = list(chunk.pack(packed, size))
        assert [event for _, block in blocks for event in chunk.unpack(block)] == packed

    @given(events, st.integers(1, 200))
    def test_holds_at_most_the_size_or_one_event(self, packed: list[Event], size: int) -> None:
        for part, _ in chunk.pack(packed, size):
            assert len(part) == 1 or sum(len(event.data) for event in part) <= size


class TestTraces:
    @pytest.mark.parametrize(
        "text",
        [None, "", "garbage", "00-xyz-1-01", TRACE[:-3], "00-" + "0" * 32 + "-b7ad6b7169203331-01"],
    )
    def test_no_traceparent_is_no_trace(self, text: str | None) -> None:
        with following(text):
            assert current_traceparent() is None
