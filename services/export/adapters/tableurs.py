"""Rows of a table that a person uploads, XLSX or CSV, read in a stream under limits.

A workbook is a ZIP archive: what it would inflate to is looked at before anything is inflated.
"""

import csv
import io
import struct
import zlib
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import IO, Any, Final
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook  # type: ignore[import-untyped]
from openpyxl.utils.exceptions import InvalidFileException  # type: ignore[import-untyped]

from contracts.identifiants.textes import texte
from services.kernel.french import nombre, octets

Rangee = tuple[int, list[str]]
"""A row with its number in the file, from 1."""

_ZIP: Final = b"PK\x03\x04"
_ENCODAGES: Final = ("utf-8-sig", "cp1252")
_EXTRAIT: Final = 1 << 20
_ABIMES: Final = (
    *(BadZipFile, InvalidFileException, EOFError, OSError, RuntimeError, SyntaxError, ValueError),
    *(AttributeError, LookupError, OverflowError, TypeError, struct.error, zlib.error),
)
"""What the readers of archives and workbooks raise on bytes that are not theirs."""


class TableauRefuse(Exception):
    """The file cannot be read, or passes a limit; `code` is stable, the message French."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Bornes:
    """The limits of a table."""

    lignes: int
    colonnes: int = 200
    cellule: int = 8_000
    octets_decompresses: int = 256 << 20
    ratio: float = 100.0


def rangees(fichier: IO[bytes], bornes: Bornes) -> Generator[Rangee, None, None]:
    """Yield the rows that are not blank, the header first; cells are trimmed texts.

    To be closed (`contextlib.closing`) before the file is, when not read to its end.

    Raises:
        TableauRefuse: neither XLSX nor CSV, damaged, or beyond a limit; as soon as it is seen.
    """
    lecture = _classeur if _debut(fichier) == _ZIP else _csv
    with closing(lecture(fichier, bornes)) as lues:
        for numero, cellules in lues:
            if numero > bornes.lignes:
                raise TableauRefuse(
                    "trop_de_lignes", f"Le fichier dépasse {nombre(bornes.lignes)} lignes."
                )
            _verifier(numero, cellules, bornes)
            if any(cellules):
                yield numero, cellules


def _debut(fichier: IO[bytes]) -> bytes:
    fichier.seek(0)
    debut = fichier.read(len(_ZIP))
    fichier.seek(0)
    return debut


def _verifier(numero: int, cellules: Sequence[str], bornes: Bornes) -> None:
    if len(cellules) > bornes.colonnes:
        raise TableauRefuse(
            "trop_de_colonnes", f"Ligne {numero} : plus de {bornes.colonnes} colonnes."
        )
    if any(len(cellule) > bornes.cellule for cellule in cellules):
        raise TableauRefuse(
            "cellule_trop_longue",
            f"Ligne {numero} : une cellule dépasse {nombre(bornes.cellule)} caractères.",
        )


def _classeur(fichier: IO[bytes], bornes: Bornes) -> Generator[Rangee, None, None]:
    try:
        _verifier_archive(fichier, bornes)
        classeur = load_workbook(fichier, read_only=True, data_only=True, keep_links=False)
        try:
            feuille = classeur.worksheets[0]
            feuille.reset_dimensions()  # what the file claims of its size may be false
            for numero, rangee in enumerate(feuille.iter_rows(values_only=True), 1):
                yield numero, _sans_queue([_cellule(valeur) for valeur in rangee])
        finally:
            classeur.close()
    except _ABIMES as erreur:
        raise TableauRefuse(
            "classeur_illisible", "Le classeur est abîmé, ou n'est pas un fichier XLSX."
        ) from erreur


def _verifier_archive(fichier: IO[bytes], bornes: Bornes) -> None:
    with ZipFile(fichier) as archive:
        membres = archive.infolist()
    taille = sum(membre.file_size for membre in membres)
    compresse = sum(membre.compress_size for membre in membres)
    if taille > bornes.octets_decompresses:
        raise TableauRefuse(
            "classeur_trop_grand",
            f"Le classeur décompressé dépasse {octets(bornes.octets_decompresses)}.",
        )
    if taille > _EXTRAIT and taille > compresse * bornes.ratio:
        raise TableauRefuse(
            "dilatation_excessive",
            f"Le classeur se dilate plus de {nombre(bornes.ratio)} fois ; il n'est pas lu.",
        )


def _cellule(valeur: Any) -> str:  # noqa: ANN401 - whatever a cell holds
    if isinstance(valeur, bool):
        return "O" if valeur else "N"
    if hasattr(valeur, "date"):
        return str(valeur.date().isoformat())
    return texte(valeur)


def _sans_queue(cellules: list[str]) -> list[str]:
    while cellules and not cellules[-1]:
        cellules.pop()
    return cellules


def _csv(fichier: IO[bytes], bornes: Bornes) -> Generator[Rangee, None, None]:
    flux = io.TextIOWrapper(fichier, encoding=_encodage(fichier), newline="")
    try:
        entete = flux.readline(bornes.cellule)
        if "\0" in entete:
            raise TableauRefuse("format_inconnu", "Le fichier n'est ni un classeur XLSX ni un CSV.")
        flux.seek(0)
        separateur = max(";,\t", key=entete.count)
        lecteur = csv.reader(flux, delimiter=separateur, strict=True)
        for cellules in lecteur:
            yield lecteur.line_num, _sans_queue([cellule.strip() for cellule in cellules])
    except csv.Error as erreur:
        raise TableauRefuse("csv_illisible", f"Le CSV est mal formé : {erreur}.") from erreur
    finally:
        flux.detach()


def _encodage(fichier: IO[bytes]) -> str:
    """Return the encoding in which the whole file can be read; it is read once for that."""
    for encodage in _ENCODAGES:
        lecteur = io.TextIOWrapper(fichier, encoding=encodage, newline="")
        try:
            while lecteur.read(_EXTRAIT):
                pass
            return encodage
        except UnicodeDecodeError:
            continue
        finally:
            lecteur.detach()
            fichier.seek(0)
    raise TableauRefuse("encodage_inconnu", "Le CSV doit être en UTF-8 ou en Windows-1252.")
