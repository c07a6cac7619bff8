"""Reference files of a directory, in the normalised layout (UTF-8, comma, header; maybe gzip)."""

import csv
import gzip
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

from services.enrich.domain.chargement import TABLES
from services.enrich.domain.chargement.modele import FichierRefuse, Table, TableLue, lire_table


def lire_dossier(dossier: Path, tables: Sequence[Table] = TABLES) -> list[TableLue]:
    """Return every table read from its file.

    Raises `FichierRefuse`, naming the file, when one is missing, cut, in another encoding, without
    a needed column or without a usable row: a version is whole or is not.
    """
    return [_lire(table, dossier) for table in tables]


def _lire(table: Table, dossier: Path) -> TableLue:
    chemin = _trouver(table, dossier)
    nom = str(chemin.relative_to(dossier))
    try:
        with _ouvrir(chemin) as texte:
            return lire_table(table, nom, _rangees(texte))
    except UnicodeDecodeError as erreur:
        raise FichierRefuse(f"{nom} : ce fichier n'est pas en UTF-8.") from erreur
    except (EOFError, gzip.BadGzipFile, zlib.error) as erreur:
        raise FichierRefuse(f"{nom} : fichier gzip coupé ou abîmé.") from erreur
    except csv.Error as erreur:
        raise FichierRefuse(f"{nom} : CSV illisible ({erreur}).") from erreur


def _trouver(table: Table, dossier: Path) -> Path:
    trouves = sorted(chemin for motif in table.motifs for chemin in dossier.glob(motif))
    if not trouves:
        raise FichierRefuse(f"table {table.nom} : aucun fichier {table.motifs[0]} dans le dossier.")
    return trouves[-1]


def _ouvrir(chemin: Path) -> TextIO:
    if chemin.suffix == ".gz":
        return gzip.open(chemin, "rt", encoding="utf-8-sig", newline="")
    return chemin.open(encoding="utf-8-sig", newline="")


def _rangees(texte: TextIO) -> Iterator[Sequence[str]]:
    yield from csv.reader(texte, strict=True)
