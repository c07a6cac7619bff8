"""Uploaded tables: XLSX and CSV in their usual forms, refused beyond their limits."""

import io
import zipfile
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook  # type: ignore[import-untyped]

from services.export.adapters.tableurs import Bornes, TableauRefuse, rangees

BORNES = Bornes(lignes=100)
CELLULES = st.text(
    st.characters(codec="cp1252", exclude_categories=["Cc", "Cs"], exclude_characters="\ufeff"),
    max_size=12,
).map(str.strip)
TABLES = st.lists(
    st.lists(CELLULES, min_size=3, max_size=3).filter(all), min_size=1, max_size=6
).map(lambda lignes: [["A", "B", "C"], *lignes])


def lire(octets: bytes, bornes: Bornes = BORNES) -> list[list[str]]:
    with closing(rangees(io.BytesIO(octets), bornes)) as table:
        return [cellules for _, cellules in table]


def classeur(lignes: list[list[object]]) -> bytes:
    livre = Workbook(write_only=True)
    feuille = livre.create_sheet()
    for ligne in lignes:
        feuille.append(ligne)
    sortie = io.BytesIO()
    livre.save(sortie)
    return sortie.getvalue()


@given(TABLES, st.sampled_from([";", ",", "\t"]), st.sampled_from(["utf-8-sig", "utf-8", "cp1252"]))
def test_a_csv_is_read_whatever_its_separator_and_encoding(
    table: list[list[str]], separateur: str, encodage: str
) -> None:
    texte = "\r\n".join(
        separateur.join('"' + cellule.replace('"', '""') + '"' for cellule in ligne)
        for ligne in table
    )
    lus = lire(texte.encode(encodage))

    # What Windows-1252 writes may happen to be UTF-8 as well; of French text it never is.
    if encodage != "cp1252" or texte.isascii():
        assert lus == table
    else:
        assert len(lus) == len(table)


def test_windows_1252_is_told_from_utf_8() -> None:
    assert lire("NOM;VILLE\r\nÉcole hôtelière;Créteil".encode("cp1252"))[1] == [
        "École hôtelière",
        "Créteil",
    ]


def test_the_cells_of_a_workbook_are_texts() -> None:
    lignes: list[list[object]] = [["CODE", "MEF", "O"], [123.0, "02402242711", True], [None]]

    assert lire(classeur(lignes)) == [["CODE", "MEF", "O"], ["123", "02402242711", "O"]]


@pytest.mark.parametrize(
    ("octets", "code"),
    [
        (b"PK\x03\x04 not an archive", "classeur_illisible"),
        (b"A;B\r\n\0\0", "format_inconnu"),
        (b"\x81\x8d\x8f", "encodage_inconnu"),
        (b'A;B\r\n"ouverte;1', "csv_illisible"),
        (b"A;B\r\n" + b"x" * 9_000, "cellule_trop_longue"),
        (b"A;B\r\n" + b";" * 300 + b"x", "trop_de_colonnes"),
        (b"A\r\n" * 200, "trop_de_lignes"),
    ],
)
def test_what_is_no_table_is_refused(octets: bytes, code: str) -> None:
    if code == "format_inconnu":
        octets = b"\0\0" + octets
    with pytest.raises(TableauRefuse) as refus:
        lire(octets)
    assert refus.value.code == code


def test_a_workbook_that_inflates_too_much_is_not_inflated() -> None:
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (8 << 20))
    with pytest.raises(TableauRefuse) as refus:
        lire(sortie.getvalue())
    assert refus.value.code == "dilatation_excessive"
    with pytest.raises(TableauRefuse) as refus:
        lire(sortie.getvalue(), Bornes(lignes=100, octets_decompresses=1 << 20))
    assert refus.value.code == "classeur_trop_grand"


def test_a_row_far_below_does_not_make_a_million_blank_ones() -> None:
    livre = Workbook()
    livre.active["A1"], livre.active["A1000000"] = "CODE", "1"
    sortie = io.BytesIO()
    livre.save(sortie)
    with pytest.raises(TableauRefuse) as refus:
        lire(sortie.getvalue())
    assert refus.value.code == "trop_de_lignes"
