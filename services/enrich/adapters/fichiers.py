"""Reference tables of a directory, a file or an archive, in any layout that we know."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from services.enrich.adapters.pieces import ouvrir
from services.enrich.domain.chargement import TABLES
from services.enrich.domain.chargement.modele import FichierRefuse, Table, TableLue
from services.enrich.domain.chargement.reconnaissance import lire_piece, lire_pieces

EXPORTS: Final = "exports"
"""The folder of a directory where live exports lie, which win over its normalised files."""


def lire_dossier(dossier: Path, tables: Sequence[Table] = TABLES) -> list[TableLue]:
    """Return every table of a directory: from its live exports, else from its normalised file.

    Raises `FichierRefuse`, naming the file, when one is missing, cut, without a needed column or
    without a usable row: a version is whole or is not.
    """
    vivantes = _exports(dossier / EXPORTS, {table.nom for table in tables})
    lues = [vivantes.get(table.nom) or _normalisee(table, dossier) for table in tables]
    return [lue for lue in lues if lue is not None]


def lire_fichier(chemin: Path, table: str | None = None) -> list[TableLue]:
    """Return the tables of one file or archive; `table` says which one it is when nothing does.

    Raises `FichierRefuse`.
    """
    if not chemin.is_file():
        raise FichierRefuse(f"{chemin.name} : introuvable.")
    lues = lire_pieces(list(ouvrir(chemin)), table)
    if not lues:
        connues = ", ".join(connue.nom for connue in TABLES)
        raise FichierRefuse(
            f"{chemin.name} : table inconnue ; nommez-la ; tables connues : {connues}."
        )
    return lues


def _exports(dossier: Path, voulues: set[str]) -> dict[str, TableLue]:
    if not dossier.is_dir():
        return {}
    fichiers = sorted(chemin for chemin in dossier.iterdir() if chemin.is_file())
    pieces = [piece for chemin in fichiers for piece in ouvrir(chemin)]
    return {lue.bilan.table: lue for lue in lire_pieces(pieces) if lue.bilan.table in voulues}


def _normalisee(table: Table, dossier: Path) -> TableLue | None:
    trouves = sorted(chemin for motif in table.motifs for chemin in dossier.glob(motif))
    if not trouves:
        if table.facultative:
            return None
        raise FichierRefuse(f"table {table.nom} : aucun fichier {table.motifs[0]} dans le dossier.")
    chemin = trouves[-1]
    nom = str(chemin.relative_to(dossier))
    (piece,) = ouvrir(chemin, nom)
    return lire_piece(table, piece)
