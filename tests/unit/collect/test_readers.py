"""Readers: rows do not depend on how a body was cut, bad rows cost no good one, a cut is said."""

import csv
import io
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.collect.domain.readers.csv_rows import CsvReader
from services.collect.domain.readers.json_array import JsonArrayReader
from services.collect.domain.readers.json_lines import JsonLinesReader
from services.collect.domain.readers.opening import Format, OpeningReader
from services.collect.domain.readers.row import Bounds, Reader, Row, Unreadable

BOUNDS = Bounds(record_bytes=400, depth=8)
COLUMNS = {"siret", "nom", "lieu"}


def recognise(name: str) -> str | None:
    return name if name in COLUMNS else None


def csv_reader() -> Reader:
    return CsvReader(BOUNDS, recognise)


def read(reader: Reader, body: bytes, cuts: list[int] | None = None) -> list[Row]:
    rows: list[Row] = []
    bounds = [0, *sorted(min(cut, len(body)) for cut in cuts or ()), len(body)]
    for start, end in pairwise(bounds):
        rows += reader.feed(body[start:end])
    return rows + reader.close()


def faults(rows: list[Row]) -> dict[int, str]:
    return {row.rank: row.fault.code for row in rows if row.fault}


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=4,
)
objects = st.lists(
    st.dictionaries(texts, values, max_size=3).filter(
        lambda item: len(orjson.dumps(item)) <= BOUNDS.record_bytes
    ),
    max_size=6,
)
cuts = st.lists(st.integers(0, 600), max_size=12)
blanks = st.sampled_from(["", " ", "\n", "\r\n", "\n\t "])


class TestJsonLines:
    @given(objects, cuts, st.sampled_from(["\n", "\r\n", "\n\n"]), st.booleans())
    def test_gives_back_the_objects(
        self, items: list[Any], at: list[int], newline: str, last: bool
    ) -> None:
        body = newline.join(orjson.dumps(item).decode() for item in items)
        body += newline if last else ""

        rows = read(JsonLinesReader(BOUNDS), body.encode(), at)

        assert [row.value for row in rows] == items
        assert [row.rank for row in rows] == list(range(1, len(items) + 1))

    @given(st.binary(max_size=600), cuts)
    def test_any_bytes_give_the_same_rows_however_cut(self, body: bytes, at: list[int]) -> None:
        assert read(JsonLinesReader(BOUNDS), body) == read(JsonLinesReader(BOUNDS), body, at)

    def test_a_bad_line_costs_no_good_one(self) -> None:
        body = b'{"a":1}\nnot json\n[1]\n{"a":"\xe9"}\n{"a":2}\n'

        rows = read(JsonLinesReader(BOUNDS), body)

        assert [row.value for row in rows if row.value] == [{"a": 1}, {"a": 2}]
        assert faults(rows) == {
            2: "ligne_illisible",
            3: "structure_inattendue",
            4: "encodage_illisible",
        }

    def test_says_the_place_of_a_byte_that_is_not_utf8(self) -> None:
        (row,) = read(JsonLinesReader(BOUNDS), b'{"a":"\xe9"}\n')

        assert row.fault is not None
        assert row.fault.detail == "octet 7 de la ligne"

    def test_a_line_that_never_ends_is_one_fault_and_is_not_kept(self) -> None:
        reader = JsonLinesReader(BOUNDS)
        rows = [row for _ in range(1000) for row in reader.feed(b"x" * 100)]

        assert faults(rows) == {1: "ligne_trop_longue"}
        assert len(reader._rest) <= BOUNDS.record_bytes + 100

    def test_resumes_after_a_line_too_long(self) -> None:
        body = b'{"a":"' + b"x" * 900 + b'"}\n{"a":1}\n'

        rows = read(JsonLinesReader(BOUNDS), body, [100, 500, 700])

        assert [(row.line, row.value) for row in rows] == [(1, None), (2, {"a": 1})]

    @pytest.mark.parametrize("nested", [b"[" * 100_000, b'{"a":' * 20 + b"1" + b"}" * 20])
    def test_deep_nesting_is_a_fault(self, nested: bytes) -> None:
        reader = JsonLinesReader(Bounds(record_bytes=1_000_000, depth=8))

        assert read(reader, nested + b"\n")[0].fault is not None

    def test_a_body_cut_in_a_record_is_said(self) -> None:
        reader = JsonLinesReader(BOUNDS)

        assert faults(read(reader, b'{"a":1}\n{"a":')) == {2: "ligne_illisible"}
        assert reader.truncated

    def test_a_body_without_its_last_newline_is_complete(self) -> None:
        reader = JsonLinesReader(BOUNDS)

        assert len(read(reader, b'{"a":1}\n{"a":2}')) == 2
        assert not reader.truncated


class TestJsonArray:
    @given(objects, cuts, blanks, blanks)
    def test_gives_back_the_objects(
        self, items: list[Any], at: list[int], before: str, after: str
    ) -> None:
        separator = before + "," + after
        body = before + "[" + after + separator.join(map(_dump, items)) + before + "]" + after
        reader = JsonArrayReader(Bounds(record_bytes=4_000))

        rows = read(reader, body.encode(), at)

        assert [row.value for row in rows] == items
        assert not reader.truncated

    @given(st.binary(max_size=600).map(lambda tail: b"[" + tail), cuts)
    def test_any_bytes_give_the_same_rows_however_cut(self, body: bytes, at: list[int]) -> None:
        assert read(JsonArrayReader(BOUNDS), body) == read(JsonArrayReader(BOUNDS), body, at)

    @given(st.text('[]{},"\\:a1 \n', max_size=80), cuts)
    def test_any_structure_gives_the_same_rows_however_cut(self, text: str, at: list[int]) -> None:
        body = b"[" + text.encode()
        assert read(JsonArrayReader(BOUNDS), body) == read(JsonArrayReader(BOUNDS), body, at)

    def test_tells_the_physical_line_of_each_element(self) -> None:
        body = b'[\n{"a":\n1},\n\n{"a":2}\n, {"a":3}]\n'

        rows = read(JsonArrayReader(BOUNDS), body)

        assert [(row.rank, row.line) for row in rows] == [(1, 2), (2, 5), (3, 6)]

    @pytest.mark.parametrize(
        "bad", ['{"a": x}', '{"a": "open}', "3", "null", '{"a": "' + "x" * 500 + '"}', "{" * 20]
    )
    def test_a_bad_element_costs_no_good_one(self, bad: str) -> None:
        body = f'[\n{{"a":1}},\n{bad},\n{{"a":2}}\n]'

        rows = read(JsonArrayReader(BOUNDS), body.encode(), list(range(0, 600, 7)))

        assert [row.value for row in rows if row.value] == [{"a": 1}, {"a": 2}]
        assert {row.line for row in rows if row.fault} == {3}

    @pytest.mark.parametrize("body", [b"[", b'[{"a":1}', b'[{"a":1},', b'[{"a":1},{"a":"x'])
    def test_an_array_that_is_not_closed_is_cut(self, body: bytes) -> None:
        reader = JsonArrayReader(BOUNDS)
        read(reader, body)

        assert reader.truncated

    def test_text_after_the_array_is_said_once(self) -> None:
        rows = read(JsonArrayReader(BOUNDS), b'[{"a":1}] {"a":2} [1]', [5, 10, 15])

        assert faults(rows) == {2: "ligne_illisible"}


class TestCsv:
    @given(
        st.lists(
            st.tuples(
                st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=9),
                st.text(st.sampled_from('a;,"\n\té '), max_size=9),
            ),
            max_size=6,
        ),
        cuts,
        st.sampled_from([";", ",", "\t"]),
        st.sampled_from(["\n", "\r\n"]),
        st.booleans(),
        st.booleans(),
    )
    def test_cells_survive_a_round_trip(
        self,
        rows: list[tuple[str, str]],
        at: list[int],
        separator: str,
        newline: str,
        bom: bool,
        last: bool,
    ) -> None:
        rows = [row for row in rows if "".join(row).strip()]
        out = io.StringIO()
        writer = csv.writer(out, delimiter=separator, lineterminator=newline)
        writer.writerows([("siret", "nom"), *rows])
        body = out.getvalue() if last else out.getvalue().removesuffix(newline)
        reader = OpeningReader(Format.CSV, BOUNDS, recognise)

        got = read(reader, body.encode("utf-8-sig" if bom else "utf-8"), at)

        assert [tuple((row.value or {}).values()) for row in got] == rows
        assert not reader.truncated

    @given(st.text('ab;"\n\r', max_size=60), cuts)
    def test_any_text_gives_the_same_rows_however_cut(self, text: str, at: list[int]) -> None:
        body = b"siret;nom\n" + text.encode()
        at = [cut for cut in at if cut > 9]
        assert read(csv_reader(), body) == read(csv_reader(), body, at)

    def test_ranks_count_records_and_lines_count_physical_lines(self) -> None:
        body = 'siret;nom\r\n1;"deux\r\nlignes"\r\n;\r\n2;"dit ""oui"";"\r\n'

        rows = read(csv_reader(), body.encode())

        assert [(row.rank, row.line) for row in rows] == [(1, 2), (2, 5)]
        assert rows[0].value == {"siret": "1", "nom": "deux\r\nlignes"}
        assert rows[1].value == {"siret": "2", "nom": 'dit "oui";'}

    def test_reads_cp1252_and_says_so(self) -> None:
        reader = OpeningReader(Format.AUTO, BOUNDS, recognise)

        rows = read(reader, "siret;nom\n1;L’Hôtellerie à 10 €\n".encode("cp1252"))

        assert rows[0].value == {"siret": "1", "nom": "L’Hôtellerie à 10 €"}
        assert reader.supposed_encoding == "cp1252"

    def test_one_bad_byte_in_a_utf8_file_is_a_fault_not_another_encoding(self) -> None:
        rows = read(csv_reader(), "siret;nom\n1;é\n".encode() + b"2;\xe9\n" + "3;è\n".encode())

        assert faults(rows) == {2: "encodage_illisible"}
        assert rows[2].value == {"siret": "3", "nom": "è"}

    def test_reads_the_newlines_of_an_old_mac(self) -> None:
        assert [row.value for row in read(csv_reader(), b"siret;nom\r1;a\r2;b\r")] == [
            {"siret": "1", "nom": "a"},
            {"siret": "2", "nom": "b"},
        ]

    def test_a_quote_that_is_never_closed_costs_its_line_only(self) -> None:
        rows = read(csv_reader(), b'siret;nom\n1;"a\n2;b\n3;c\n')

        assert faults(rows) == {1: "ligne_illisible"}
        assert [row.value for row in rows[1:]] == [
            {"siret": "2", "nom": "b"},
            {"siret": "3", "nom": "c"},
        ]

    @pytest.mark.parametrize("body", [b'siret;nom\n1;a\n2;"b', b"siret;nom\n1;a\n2"])
    def test_a_file_cut_inside_a_row_is_said(self, body: bytes) -> None:
        reader = csv_reader()

        assert faults(read(reader, body)) == {2: "ligne_illisible"}
        assert reader.truncated

    def test_missing_cells_are_empty_and_surplus_text_is_a_fault(self) -> None:
        rows = read(csv_reader(), b"siret;nom\n1\n2;b;c\n3;d;\n")

        assert faults(rows) == {2: "nombre_de_cellules"}
        assert [row.value for row in rows] == [{"siret": "1"}, None, {"siret": "3", "nom": "d"}]

    def test_the_first_of_two_columns_of_one_name_counts(self) -> None:
        reader = CsvReader(BOUNDS, recognise)

        assert read(reader, b"siret;nom;nom\n1;a;b\n")[0].value == {"siret": "1", "nom": "a"}
        assert reader.duplicates == ["nom"]

    def test_the_separator_is_the_one_that_yields_known_columns(self) -> None:
        rows = read(csv_reader(), b'siret,nom,"a;b;c;d;e"\n1,a,x\n')

        assert rows[0].value == {"siret": "1", "nom": "a", "a;b;c;d;e": "x"}

    def test_a_row_that_never_ends_is_one_fault_and_is_not_kept(self) -> None:
        reader = CsvReader(BOUNDS, recognise)
        reader.feed(b"siret;nom\n")
        rows = [row for _ in range(1000) for row in reader.feed(b'"' + b"x" * 100)]

        assert set(faults(rows).values()) == {"ligne_trop_longue"}
        assert len(reader._buffer) <= 2 * BOUNDS.record_bytes


class TestOpening:
    @pytest.mark.parametrize(
        ("body", "form"),
        [
            (b'{"a":1}', "ndjson"),
            (b'\xef\xbb\xbf{"a":1}', "ndjson"),
            (b' \n[{"a":1}]', "json"),
            (b"\xef\xbb\xbfsiret;nom\n1;a\n", "csv"),
        ],
    )
    def test_tells_the_form_by_the_first_byte(self, body: bytes, form: str) -> None:
        reader = OpeningReader(Format.AUTO, BOUNDS, recognise)

        assert len(read(reader, body, list(range(len(body))))) == 1
        assert reader.format == form

    @pytest.mark.parametrize(
        "body", [b"", b"  \n ", b" " * 4_000, "é;a".encode("utf-16"), b"nom inconnu;autre\n1;2\n"]
    )
    def test_a_body_that_no_reader_can_read_is_refused_whole(self, body: bytes) -> None:
        reader: Callable[[], OpeningReader] = lambda: OpeningReader(Format.AUTO, BOUNDS, recognise)  # noqa: E731

        with pytest.raises(Unreadable):
            read(reader(), body, [10, 100, 1000])


def _dump(item: object) -> str:
    return orjson.dumps(item).decode()
