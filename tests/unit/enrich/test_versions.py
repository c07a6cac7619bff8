"""Which tables a version is made of, their names, their age."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from services.enrich.domain.chargement.modele import Bilan, TableLue
from services.enrich.domain.fraicheur import Alarmes, age_jours
from services.enrich.domain.versions import (
    TableEditee,
    composer,
    editer,
    edition_de,
    empreinte_des,
)

NOW = datetime(2026, 1, 15, 8, tzinfo=UTC)


def _lue(table: str, lignes: list[list[Any]]) -> TableLue:
    return TableLue(Bilan(table, table, f"{table}.csv", len(lignes), len(lignes)), lignes)


def _editee(
    table: str, valeur: str = "x", source_le: str | None = None, le: datetime = NOW
) -> TableEditee:
    lue = _lue(table, [[valeur]])
    return TableEditee(edition_de(table, lue.lignes), lue.bilan, source_le, le)


def test_equal_rows_are_the_same_edition_of_their_table_alone() -> None:
    assert editer(_lue("cfd", [["A"]]), NOW).edition == edition_de("cfd", [["A"]])
    assert edition_de("cfd", [["A"]]) != edition_de("cfd", [["B"]])
    assert edition_de("cfd", [["A"]]) != edition_de("mef", [["A"]])


def test_an_edition_takes_the_place_of_the_former_one() -> None:
    tables = composer([_editee("cfd"), _editee("mef")], [_editee("mef", "y"), _editee("rome")])

    assert [(table.nom, table.edition) for table in tables] == [
        ("cfd", edition_de("cfd", [["x"]])),
        ("mef", edition_de("mef", [["y"]])),
        ("rome", edition_de("rome", [["x"]])),
    ]


def test_the_order_in_which_tables_come_gives_the_same_content() -> None:
    lots = [[_editee("cfd", "y")], [_editee("mef", "y")], [_editee("rome"), _editee("regions")]]
    empreintes = set()
    for ordre in permutations(lots):
        tables = composer((), [_editee("cfd"), _editee("mef")])
        for lot in ordre:
            tables = composer(tables, lot)
        empreintes.add(empreinte_des(tables))

    assert len(empreintes) == 1


@pytest.mark.parametrize(
    ("connue", "nouvelle", "gardee"),
    [
        (("2025-01-31", NOW), ("2024-01-31", NOW + timedelta(1)), "2025-01-31"),
        (("2025-01-31", NOW), ("2025-02-28", NOW + timedelta(1)), "2025-02-28"),
        (("2025-01-31", NOW), (None, NOW + timedelta(1)), "2025-01-31"),
    ],
)
def test_equal_content_is_vouched_for_by_its_newest_source(
    connue: tuple[str | None, datetime], nouvelle: tuple[str | None, datetime], gardee: str
) -> None:
    tables = composer([_editee("cfd", "x", *connue)], [_editee("cfd", "x", *nouvelle)])

    assert tables[0].source_le == gardee


def test_age_is_that_of_the_source_else_of_the_load() -> None:
    assert age_jours(_editee("cfd", source_le="2026-01-01"), NOW) == 14
    assert age_jours(_editee("cfd", le=NOW - timedelta(3)), NOW) == 3
    assert age_jours(_editee("cfd", source_le="2026-02-01"), NOW) == 0


def test_a_table_is_out_of_date_beyond_its_own_age_or_that_of_all() -> None:
    alarmes = Alarmes(30, {"rncp": 5})

    assert not alarmes.perimee(_editee("cfd", source_le="2026-01-01"), NOW)
    assert alarmes.perimee(_editee("rncp", source_le="2026-01-01"), NOW)
    assert not alarmes.perimee(_editee("rncp", source_le="2026-01-10"), NOW)
