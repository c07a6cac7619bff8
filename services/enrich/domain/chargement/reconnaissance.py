"""From the files of one load to tables: normalised files, live exports told by their columns."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from pathlib import PurePosixPath
from typing import Final

from services.enrich.domain.chargement import TABLES
from services.enrich.domain.chargement.exports import EXPORTS
from services.enrich.domain.chargement.exports.modele import Export, Rangee, simplifier
from services.enrich.domain.chargement.modele import (
    FichierRefuse,
    Table,
    TableLue,
    lire_table,
)

_UTF_8: Final = frozenset(("utf-8", "utf-8-sig", "utf-16"))


@dataclass(frozen=True, slots=True)
class Piece:
    """One file read: its name, and its rows, whose first one names the columns."""

    nom: str
    rangees: Sequence[Sequence[str]]
    encodage: str = "utf-8"

    @property
    def colonnes(self) -> frozenset[str]:
        """Return the simplified names of the columns."""
        return frozenset(map(simplifier, self.rangees[0])) if self.rangees else frozenset()

    def par_colonne(self) -> Iterator[Rangee]:
        """Yield the rows by simplified column: absent cells are empty, those beyond left out."""
        noms = [simplifier(nom) for nom in self.rangees[0]]
        vide = [""] * len(noms)
        for rangee in self.rangees[1:]:
            yield dict(zip(noms, [*rangee, *vide], strict=False))


def lire_pieces(pieces: Iterable[Piece], nom: str | None = None) -> list[TableLue]:
    """Return the tables of some files; `nom` says which one a file is when nothing else does.

    A file that is no table that we know is passed over. Raises `FichierRefuse`.
    """
    normales: dict[str, Piece] = {}
    exports: dict[str, Piece] = {}
    for piece in pieces:
        export = _export(piece, nom)
        table = None if export else _table(piece, nom)
        if export:
            exports.setdefault(export.nom, piece)
        elif table:
            normales.setdefault(table.nom, piece)
    lues = [lire_piece(_nommee(une), piece) for une, piece in normales.items()]
    return lues + [_convertie(table, exports) for table in TABLES if _alimente(table, exports)]


def lire_piece(table: Table, piece: Piece) -> TableLue:
    """Return a table read from a normalised file; an encoding that had to be guessed is told."""
    return _dire_l_encodage(lire_table(table, piece.nom, piece.rangees), [piece])


def _dire_l_encodage(lue: TableLue, pieces: Sequence[Piece]) -> TableLue:
    devines = {f"lu comme {p.encodage}": 1 for p in pieces if p.encodage not in _UTF_8}
    if not devines:
        return lue
    return replace(lue, bilan=replace(lue.bilan, remarques=lue.bilan.remarques | devines))


def _export(piece: Piece, nom: str | None) -> Export | None:
    table = _par_son_nom(piece) if nom is None else _nommee(nom)
    if table is not None and _est_normale(piece, table):
        return None
    colonnes = piece.colonnes
    for export in EXPORTS:
        if export.colonnes <= colonnes and nom in (None, export.table):
            return export
    return None


def _table(piece: Piece, nom: str | None) -> Table | None:
    return _nommee(nom) if nom is not None else _par_son_nom(piece)


def _par_son_nom(piece: Piece) -> Table | None:
    fichier = PurePosixPath(piece.nom).name
    for table in TABLES:
        if any(fnmatch(fichier, PurePosixPath(motif).name) for motif in table.motifs):
            return table
    return None


def _est_normale(piece: Piece, table: Table) -> bool:
    return bool(piece.rangees) and set(table.colonnes) <= set(piece.rangees[0])


def _nommee(nom: str) -> Table:
    for table in TABLES:
        if table.nom == nom:
            return table
    connues = ", ".join(table.nom for table in TABLES)
    raise FichierRefuse(f"{nom} : table inconnue ; tables connues : {connues}.")


def _alimente(table: Table, exports: dict[str, Piece]) -> bool:
    return any(export.table == table.nom and export.nom in exports for export in EXPORTS)


def _convertie(table: Table, exports: dict[str, Piece]) -> TableLue:
    """Return a table made of the exports that feed it, the first in the registry first."""
    lignes = {nom: list(piece.par_colonne()) for nom, piece in exports.items()}
    colonnes = (*table.colonnes, *table.optionnelles)
    rangees: list[Sequence[str]] = [colonnes]
    fichiers: list[str] = []
    for export in EXPORTS:
        if export.table == table.nom and export.nom in lignes and export.convertir:
            convertie = export.convertir(lignes[export.nom], lignes)
            rangees += [[une.get(colonne, "") for colonne in colonnes] for une in convertie]
            fichiers.append(exports[export.nom].nom)
    lue = lire_table(table, " + ".join(fichiers), _avec_la_date(rangees, table, fichiers))
    return _dire_l_encodage(lue, [piece for piece in exports.values() if piece.nom in fichiers])


def _avec_la_date(
    rangees: list[Sequence[str]], table: Table, fichiers: Sequence[str]
) -> Iterator[Sequence[str]]:
    """Yield the rows; a source that tells no day gets the one that its file's name tells."""
    yield rangees[0]
    if "source" not in table.colonnes:
        yield from rangees[1:]
        return
    rang = table.colonnes.index("source")
    for rangee in rangees[1:]:
        cellules = list(rangee)
        cellules[rang] = f"{cellules[rang]} {' '.join(fichiers)}".replace("_", "-")
        yield cellules
