"""A version of the reference tables: which edition of each is used, and where it came from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Final

import orjson

from services.enrich.domain.admission import Forcage
from services.enrich.domain.chargement.modele import Bilan, Ligne, TableLue
from services.enrich.domain.comparaison import Comparaison

FORMAT: Final = 3
"""The shape of the stored rows. To be raised with it: versions of another shape are loaded anew."""


@dataclass(frozen=True, slots=True)
class TableEditee:
    """A table of a version: its edition, and the file that gave it last.

    `edition` names the kept rows: equal rows, equal edition. `source_le` is the civil date of the
    source, None when it does not tell.
    """

    edition: str
    bilan: Bilan
    source_le: str | None
    chargee_le: datetime

    @property
    def nom(self) -> str:
        """The table's name."""
        return self.bilan.table


@dataclass(frozen=True, slots=True)
class Version:
    """All tables as used together. `empreinte` is that of the editions, whatever their order.

    `de` is the version it was made from, to which `comparaisons` compares it. The rows of an old
    version that is not `disponible` any more are gone; what it was made of is still told.
    """

    id: str
    empreinte: str
    tables: tuple[TableEditee, ...]
    chargee_le: datetime
    par: str
    de: str | None = None
    comparaisons: tuple[Comparaison, ...] = ()
    forcage: Forcage | None = None
    format: int = FORMAT
    disponible: bool = True
    active: bool = False
    activee_le: datetime | None = None

    @property
    def utilisable(self) -> bool:
        """Whether this code can read its rows."""
        return self.disponible and self.format == FORMAT

    def table(self, nom: str) -> TableEditee | None:
        """Return one of its tables."""
        return next((table for table in self.tables if table.nom == nom), None)


def editer(lue: TableLue, maintenant: datetime) -> TableEditee:
    """Return the edition that a read file gives of its table."""
    edition = edition_de(lue.bilan.table, lue.lignes)
    return TableEditee(edition, lue.bilan, lue.bilan.source_le, maintenant)


def edition_de(table: str, lignes: Sequence[Ligne]) -> str:
    """Return the name of an edition: its table, and the digest of its rows in their order."""
    condense = blake2b(orjson.dumps(lignes), digest_size=16).hexdigest()
    return f"{table}.{FORMAT}.{condense}"


def composer(
    tables: Iterable[TableEditee], editees: Iterable[TableEditee]
) -> tuple[TableEditee, ...]:
    """Return `tables` with those of `editees` in their place or beside them, by name.

    Where the edition is the same, the file that vouches for it last is told.
    """
    composees = {table.nom: table for table in tables}
    for editee in editees:
        connue = composees.get(editee.nom)
        composees[editee.nom] = _la_plus_sure(connue, editee) if connue else editee
    return tuple(table for _, table in sorted(composees.items()))


def _la_plus_sure(connue: TableEditee, nouvelle: TableEditee) -> TableEditee:
    if connue.edition != nouvelle.edition:
        return nouvelle
    return max(nouvelle, connue, key=lambda table: (table.source_le or "", table.chargee_le))


def empreinte_des(tables: Iterable[TableEditee]) -> str:
    """Return the digest of what tables contain: equal editions, equal digest."""
    editions = sorted(table.edition for table in tables)
    return blake2b("\n".join(editions).encode(), digest_size=16).hexdigest()
