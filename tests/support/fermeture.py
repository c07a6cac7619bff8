"""Reference tables where one diploma closes that was open: what touches few formations."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from services.enrich.domain.chargement.modele import TableLue

_DATE_FERMETURE: Final = 6
_NOUVEAUX: Final = 7


def diplome_ouvert(tables: Sequence[TableLue], rang: int = 0) -> str:
    """Return the code of a diploma that has neither a closing day nor a successor."""
    (cfd,) = [table for table in tables if table.bilan.table == "cfd"]
    ouverts: list[str] = [
        ligne[0] for ligne in cfd.lignes if not ligne[_DATE_FERMETURE] and not ligne[_NOUVEAUX]
    ]
    return ouverts[rang]


def fermer(tables: Sequence[TableLue], codes: Sequence[str], jour: str) -> list[TableLue]:
    """Return the tables where these diplomas close on a day."""
    return [
        replace(table, lignes=[_fermee(ligne, codes, jour) for ligne in table.lignes])
        if table.bilan.table == "cfd"
        else table
        for table in tables
    ]


def _fermee(ligne: list[object], codes: Sequence[str], jour: str) -> list[object]:
    if ligne[0] not in codes:
        return ligne
    return [*ligne[:_DATE_FERMETURE], jour, *ligne[_DATE_FERMETURE + 1 :]]
