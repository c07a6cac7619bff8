"""A report as CSV for a spreadsheet: `;`, BOM, and no cell that a spreadsheet would compute."""

import csv
import io
from collections.abc import AsyncIterator
from typing import Any, Final

from contracts.constats import gravite, libelle, rendre
from services.collect.domain.lignes import LigneJugee

CSV: Final = "text/csv"
_BOM: Final = "\ufeff"
_FORMULES: Final = ("=", "+", "-", "@", "\t", "\r")
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
_LIGNES_PAR_ENVOI: Final = 500


async def en_csv(lignes: AsyncIterator[LigneJugee]) -> AsyncIterator[str]:
    """Yield the report: a row per finding, one row for a line without any."""
    tampon = io.StringIO(_BOM)
    tampon.seek(0, io.SEEK_END)
    ecrire = csv.writer(tampon, delimiter=";")
    ecrire.writerow(_COLONNES)
    ecrites = 0
    async for ligne in lignes:
        for rangee in _rangees(ligne):
            ecrire.writerow([sans_formule(cellule) for cellule in rangee])
        ecrites += 1
        if ecrites % _LIGNES_PAR_ENVOI == 0:
            yield tampon.getvalue()
            tampon.seek(0)
            tampon.truncate()
    yield tampon.getvalue()


def sans_formule(cellule: object) -> object:
    """Return a cell that no spreadsheet computes: a text that begins like a formula is quoted."""
    if isinstance(cellule, str) and cellule.startswith(_FORMULES):
        return "'" + cellule
    return cellule


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
