"""Reading the seeds and writing the tables, in the layouts of the reference folder."""

import csv
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

import orjson

Rangee: TypeAlias = dict[str, str]

JOUR: Final = "2020-11-16"
"""The business day at which the sample is to be judged."""

SOURCE: Final = "exemple_2020-10-01"
"""The dated source that every made-up table names."""

_GRAINES: Final = Path(__file__).parent / "graines"


def graine(nom: str) -> list[Rangee]:
    """Return the rows of a seed."""
    with (_GRAINES / f"{nom}.csv").open(encoding="utf-8", newline="") as lignes:
        return list(csv.DictReader(lignes))


def liste(cellule: str) -> list[str]:
    """Return the elements of a cell."""
    return cellule.split("|") if cellule else []


def capitales(texte: str) -> str:
    """Return a label as the nomenclatures write it: capitals without accents."""
    sans_accent = unicodedata.normalize("NFD", texte.replace("’", "'"))
    return "".join(c for c in sans_accent if not unicodedata.combining(c)).upper()


def ecrire_csv(
    fichier: Path, colonnes: Sequence[str], rangees: Iterable[Mapping[str, object]]
) -> None:
    """Write a table; a column that a row does not have is empty."""
    fichier.parent.mkdir(parents=True, exist_ok=True)
    with fichier.open("w", encoding="utf-8", newline="") as sortie:
        table = csv.DictWriter(sortie, colonnes, restval="", lineterminator="\n")
        table.writeheader()
        table.writerows(rangees)


def ecrire_ndjson(fichier: Path, objets: Iterable[Mapping[str, Any]]) -> None:
    """Write one JSON object per line."""
    fichier.parent.mkdir(parents=True, exist_ok=True)
    fichier.write_bytes(b"".join(orjson.dumps(objet) + b"\n" for objet in objets))
