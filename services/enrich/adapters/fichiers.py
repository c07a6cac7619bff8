"""Reference tables of a directory, a file or an archive, in any layout that we know."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from services.enrich.adapters.pieces import ouvrir
from services.enrich.domain.chargement import TABLES
from services.enrich.domain.chargement.modele import FichierRefuse, Table, TableLue, jour_du_nom
from services.enrich.domain.chargement.reconnaissance import lire_piece, lire_pieces

EXPORTS: Final = "exports"
"""The folder of a directory where live exports lie, which win over its normalised files."""


def lire_dossier(dossier: Path, tables: Sequence[Table] = TABLES) -> list[TableLue]:
    """Return every table of a directory: from its live export or its normalised file.

    The live one is taken unless the other is named with a later day.

    Raises `FichierRefuse`, naming the file, when one is missing, cut, without a needed column or
    without a usable row: a version is whole or is not.
    """
    vivantes = _exports(dossier / EXPORTS, {table.nom for table in tables})
    lues = [_plus_recente(vivantes.get(table.nom), table, dossier) for table in tables]
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


def _plus_recente(vivante: TableLue | None, table: Table, dossier: Path) -> TableLue | None:
    """Return what the live export says, unless the name of a normalised file tells a later day."""
    chemin = _dernier(table, dossier)
    jour = jour_du_nom(chemin.name) if chemin else None
    if vivante and not (jour and vivante.bilan.source_le and jour > vivante.bilan.source_le):
        return vivante
    return _normalisee(table, dossier, chemin)


def _dernier(table: Table, dossier: Path) -> Path | None:
    return max((chemin for motif in table.motifs for chemin in dossier.glob(motif)), default=None)


def _normalisee(table: Table, dossier: Path, chemin: Path | None) -> TableLue | None:
    if chemin is None:
        if table.facultative:
            return None
        raise FichierRefuse(f"table {table.nom} : aucun fichier {table.motifs[0]} dans le dossier.")
    nom = str(chemin.relative_to(dossier))
    (piece,) = ouvrir(chemin, nom)
    return lire_piece(table, piece)
