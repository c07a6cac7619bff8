"""A workbook whose codes are texts and whose dates are dates, written as rows come."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import date
from tempfile import TemporaryFile
from typing import IO, Any, Final

from openpyxl import Workbook  # type: ignore[import-untyped]
from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # type: ignore[import-untyped]

from services.kernel.batches import in_batches

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CELLULE_MAX: Final = 32_767
_RANGEES: Final = 200  # written by a thread at a time: the server answers others meanwhile
_MORCEAU: Final = 1 << 16


async def classeur(
    titres: Sequence[str], rangees: AsyncIterator[Sequence[str | date | None]]
) -> AsyncIterator[bytes]:
    """Yield the workbook in pieces; it lies in a temporary file, never in memory."""
    livre = Workbook(write_only=True)
    feuille = livre.create_sheet("Offres")
    feuille.freeze_panes = "A2"
    feuille.append(list(titres))
    async for paquet in in_batches(rangees, _RANGEES):
        await asyncio.to_thread(_ajouter, feuille, paquet)
    with TemporaryFile() as fichier:
        await asyncio.to_thread(livre.save, fichier)
        fichier.seek(0)
        for morceau in _morceaux(fichier):
            yield morceau


def _morceaux(fichier: IO[bytes]) -> Iterator[bytes]:
    while morceau := fichier.read(_MORCEAU):
        yield morceau


def _ajouter(feuille: Any, paquet: Sequence[Sequence[str | date | None]]) -> None:  # noqa: ANN401
    for rangee in paquet:
        feuille.append([_cellule(feuille, valeur) for valeur in rangee])


def _cellule(feuille: Any, valeur: str | date | None) -> Any:  # noqa: ANN401 - untyped library
    if isinstance(valeur, date):
        cellule = WriteOnlyCell(feuille, valeur)
        cellule.number_format = "DD/MM/YYYY"
        return cellule
    if valeur is None:
        return None
    propre = ILLEGAL_CHARACTERS_RE.sub("", valeur)[:_CELLULE_MAX]
    if propre.isdigit():
        # A text also when a person edits the cell: its leading zeros stay.
        cellule = WriteOnlyCell(feuille, propre)
        cellule.number_format = "@"
        return cellule
    if propre.startswith("="):
        cellule = WriteOnlyCell(feuille, propre)
        cellule.data_type = "s"  # shown, never computed
        return cellule
    return propre
