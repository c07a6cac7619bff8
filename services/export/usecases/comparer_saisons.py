"""Compares the season in force with the one before: which offers vanished, and why (domain.md §6).

An offer that a newer one replaced did not vanish while its successor is there.
"""

from collections.abc import AsyncIterator, Sequence
from typing import NamedTuple, Protocol

from contracts.statuts import Plateforme
from services.export.domain.saison_precedente import Cause, disparition
from services.export.ports import Document


class Saisons(Protocol):
    """The snapshots, and the offers as they are now."""

    async def derniere(self, plateforme: Plateforme) -> str | None:
        """Return the campaign of the last season that ended on a platform."""
        ...

    def perimetre(
        self, campagne: str, plateforme: Plateforme, academies: Sequence[str] | None
    ) -> AsyncIterator[list[Document]]:
        """Yield the snapshots of the offers that were in the perimeter, in batches, by id."""
        ...

    async def presentes(self, ids: Sequence[str]) -> dict[str, Document]:
        """Return what tells whether the offers are still there, by id."""
        ...


class Devenir(NamedTuple):
    """What became of an offer of last season's perimeter; without `cause` it is still there."""

    saison: Document
    cause: Cause | None
    remplacee_par: str | None


async def comparer(
    campagne: str, plateforme: Plateforme, academies: Sequence[str] | None, saisons: Saisons
) -> AsyncIterator[Devenir]:
    """Yield what became of each offer of the perimeter of a season, in these académies."""
    async for lot in saisons.perimetre(campagne, plateforme, academies):
        presentes = await _avec_successeurs([un["formation"] for un in lot], saisons)
        for saison in lot:
            derniere = _derniere(saison["formation"], presentes)
            yield Devenir(
                saison,
                disparition(presentes.get(derniere), plateforme.value),
                derniere if derniere != saison["formation"] else None,
            )


async def _avec_successeurs(ids: Sequence[str], saisons: Saisons) -> dict[str, Document]:
    connues: dict[str, Document] = {}
    a_lire = set(ids)
    while a_lire:
        lues = await saisons.presentes(sorted(a_lire))
        connues |= lues
        a_lire = {
            par for un in lues.values() if (par := un["projection"].get("remplacee_par"))
        } - connues.keys()
    return connues


def _derniere(identifiant: str, connues: dict[str, Document]) -> str:
    """Return the last known offer that took the place of one, itself when none did."""
    vues = {identifiant}
    while True:
        connue = connues.get(identifiant)
        par = connue["projection"].get("remplacee_par") if connue else None
        if par is None or par not in connues or par in vues:
            return identifiant
        vues.add(par)
        identifiant = par
