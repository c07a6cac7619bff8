"""From the files of one load to tables: normalised files, live exports told by their columns."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from itertools import chain
from pathlib import PurePosixPath
from typing import Final

from services.enrich.domain.chargement import TABLES
from services.enrich.domain.chargement.exports import EXPORTS
from services.enrich.domain.chargement.exports.modele import Export, Rangee, renommer, simplifier
from services.enrich.domain.chargement.modele import (
    FichierRefuse,
    Table,
    TableLue,
    jour_du_nom,
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
    normales: dict[str, list[Piece]] = {}
    exports: dict[str, list[Piece]] = {}
    for piece in pieces:
        if export := _export(piece, nom):
            exports.setdefault(export.nom, []).append(piece)
        elif table := _table(piece, nom):
            normales.setdefault(table.nom, []).append(piece)
    lues = [lire_piece(_nommee(une), _plus_recentes(ses)[-1]) for une, ses in normales.items()]
    recents = {un: _plus_recentes(ses) for un, ses in exports.items()}
    return lues + [_convertie(table, recents) for table in TABLES if _alimente(table, recents)]


def _plus_recentes(pieces: Iterable[Piece]) -> list[Piece]:
    """Return the pages of the newest edition, by the day that their names tell."""
    dates = [(jour_du_nom(piece.nom) or "", piece) for piece in pieces]
    dernier = max(jour for jour, _ in dates)
    return [piece for jour, piece in dates if jour == dernier]


def lire_piece(table: Table, piece: Piece) -> TableLue:
    """Return a table read from a normalised file; an encoding that had to be guessed is told."""
    rangees = chain([_entete(table, piece)], _donnees(table, piece))
    return _dire_l_encodage(lire_table(table, piece.nom, rangees), [piece])


def _entete(table: Table, piece: Piece) -> Sequence[str]:
    if _est_une_liste(table, piece):
        return table.colonnes
    return list(map(simplifier, piece.rangees[0])) if piece.rangees else ()


def _donnees(table: Table, piece: Piece) -> Sequence[Sequence[str]]:
    return piece.rangees if _est_une_liste(table, piece) else piece.rangees[1:]


def _est_une_liste(table: Table, piece: Piece) -> bool:
    """Tell whether a file is a bare list of codes, without a header."""
    premiere = piece.rangees[0] if piece.rangees else ()
    return len(table.colonnes) == len(premiere) == 1 and premiere[0].strip().isdecimal()


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
    return set(table.colonnes) <= piece.colonnes


def _nommee(nom: str) -> Table:
    for table in TABLES:
        if table.nom == nom:
            return table
    connues = ", ".join(table.nom for table in TABLES)
    raise FichierRefuse(f"{nom} : table inconnue ; tables connues : {connues}.")


def _alimente(table: Table, exports: Mapping[str, Sequence[Piece]]) -> bool:
    return any(export.table == table.nom and export.nom in exports for export in EXPORTS)


def _convertie(table: Table, exports: Mapping[str, Sequence[Piece]]) -> TableLue:
    """Return a table made of the exports that feed it, the first in the registry first."""
    siens = [un for un in EXPORTS if un.table == table.nom and un.nom in exports and un.convertir]
    for export in siens:
        _verifier(export, exports)
    utiles = {nom for export in siens for nom in (export.nom, *export.avec)} & exports.keys()
    lignes = {
        nom: [rangee for piece in exports[nom] for rangee in piece.par_colonne()] for nom in utiles
    }
    colonnes = (*table.colonnes, *table.optionnelles)
    rangees: list[Sequence[str]] = [colonnes]
    for export in siens:
        convertie = (export.convertir or renommer({}))(lignes[export.nom], lignes)
        rangees += [[une.get(colonne, "") for colonne in colonnes] for une in convertie]
    pieces = [piece for export in siens for piece in exports[export.nom]]
    fichiers = [piece.nom for piece in pieces]
    lue = lire_table(table, " + ".join(fichiers), _avec_la_date(rangees, table, fichiers))
    return _dire_l_encodage(lue, pieces)


def _verifier(export: Export, exports: Mapping[str, Sequence[Piece]]) -> None:
    for piece in exports[export.nom]:
        if manquantes := sorted(export.exigees - piece.colonnes):
            raise FichierRefuse(
                f"{piece.nom} ({export.nom}) : colonnes absentes : {', '.join(manquantes)} ; "
                "téléchargez-le de nouveau, ou signalez que son format a changé."
            )
    if absents := [nom for nom in export.indispensables if nom not in exports]:
        raise FichierRefuse(
            f"{exports[export.nom][0].nom} ({export.nom}) : à charger avec {', '.join(absents)}, "
            "qui manque ou n'a pas ses colonnes ; chargez l'archive entière."
        )


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
