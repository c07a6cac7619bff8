"""A report as CSV for a spreadsheet: `;`, BOM, and no cell that a spreadsheet would compute."""

from collections.abc import AsyncIterator
from typing import Any, Final

from contracts.constats import gravite, libelle, rendre
from services.collect.domain.lignes import LigneJugee
from services.kernel.spreadsheet import csv_stream

_COLONNES: Final = (
    "ligne",
    "ligne_physique",
    "statut",
    "offre",
    "gravite",
    "code",
    "champ",
    "valeur",
    "message",
    "que_faire",
    "proposition",
)


def en_csv(lignes: AsyncIterator[LigneJugee]) -> AsyncIterator[str]:
    """Yield the report: a row per finding, one row for a line without any."""
    return csv_stream(_COLONNES, (rangee async for ligne in lignes for rangee in _rangees(ligne)))


def _rangees(ligne: LigneJugee) -> list[list[Any]]:
    debut = [ligne.rang, ligne.physique, ligne.statut.value, ligne.offre or ""]
    rangees = []
    for constat in ligne.constats:
        rendu = rendre(constat)
        champ = constat.get("champ")
        rangees.append(
            [
                *debut,
                gravite(constat["code"]).value,
                constat["code"],
                libelle(champ) if champ else "",
                constat.get("valeur", ""),
                rendu.message,
                rendu.que_faire,
                constat.get("proposition", ""),
            ]
        )
    return rangees or [[*debut, *[""] * (len(_COLONNES) - len(debut))]]
