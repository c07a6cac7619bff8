"""What an export is: the columns that tell it, and what its rows become."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias
from unicodedata import normalize

Rangee: TypeAlias = Mapping[str, str]
"""A row by column; names of columns are simplified, absent cells are empty."""

Pieces: TypeAlias = Mapping[str, Sequence[Rangee]]
"""The rows of the files of one load, by the name of their export."""

_HORS_NOM: Final = re.compile(r"[^a-z0-9]+")
_JOUR_FRANCAIS: Final = re.compile(r"(\d{2})/(\d{2})/(\d{4})", re.ASCII)
_JOUR: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Export:
    """A file of a live source, known by columns that no other has together.

    `table` gets the rows that `convertir` makes of it, under the columns of the normalised layout.
    `avec` are the exports beside which it is read; one that only accompanies has no table. Of two
    exports that feed one table, the rows of the first in the registry win. Without a column of
    `exigees` or an export of `indispensables`, a file would empty what it has always said: it is
    refused.
    """

    nom: str
    colonnes: frozenset[str]
    table: str | None = None
    convertir: Callable[[Iterable[Rangee], Pieces], Iterator[Rangee]] | None = None
    avec: tuple[str, ...] = ()
    exigees: frozenset[str] = frozenset()
    indispensables: tuple[str, ...] = ()


def simplifier(nom: str) -> str:
    """Return the name of a column without accents, case, blanks nor punctuation."""
    sans_accents = normalize("NFKD", nom).encode("ascii", "ignore").decode().lower()
    return _HORS_NOM.sub("_", sans_accents).strip("_")


def jour_iso(cellule: str) -> str:
    """Return a civil date as `AAAA-MM-JJ`; a text that is no date comes back as it is."""
    texte = cellule.strip()
    if lu := _JOUR_FRANCAIS.match(texte):
        return f"{lu[3]}-{lu[2]}-{lu[1]}"
    if lu := _JOUR.match(texte):
        return lu[0]
    return texte


def renommer(noms: Mapping[str, str]) -> Callable[[Iterable[Rangee], Pieces], Iterator[Rangee]]:
    """Return a conversion that only gives columns their names in the normalised layout.

    Columns whose normalised name begins with `date_` are rewritten as civil dates.
    """

    def convertir(rangees: Iterable[Rangee], _: Pieces) -> Iterator[Rangee]:
        for rangee in rangees:
            yield {
                cible: jour_iso(rangee.get(source, ""))
                if cible.startswith("date_")
                else rangee.get(source, "").strip()
                for cible, source in noms.items()
            }

    return convertir
