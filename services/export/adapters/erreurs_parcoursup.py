"""The patterns of refusals added to the table, in MongoDB, and the failures still unknown."""

from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Final

from pymongo.errors import DuplicateKeyError

from contracts.statuts import Plateforme, Statut
from services.export.adapters.mongo import BaseMongo
from services.export.domain.erreurs_parcoursup import CONNUE, Table
from services.export.domain.parcoursup import Issue
from services.export.domain.table_erreurs import table
from services.export.ports import Document
from services.kernel.batches import in_batches

_NOM: Final = Plateforme.PARCOURSUP.value
_EXEMPLES: Final = 10
_LOT: Final = 500


class ErreursMongo:
    """Implements `ports_parcoursup.TableEnVigueur` and `Refusees`.

    A pattern withdrawn stays in the history.
    """

    def __init__(self, base: BaseMongo) -> None:
        """Use `base`."""
        self._base = base
        self._vus: tuple[str, ...] = ()
        self._table: Table = CONNUE

    async def table(self) -> Table:
        """Return the table in force; compiled again only when a pattern came or went."""
        ajoutees = await self.ajoutees()
        vus = tuple(motif["_id"] for motif in ajoutees)
        if vus != self._vus:
            self._table, self._vus = table(ajoutees), vus
        return self._table

    async def ajoutees(self) -> list[Document]:
        """Return the patterns added and in force, oldest first."""
        curseur = self._base.erreurs_parcoursup.find({"actif": True}, sort=[("_id", 1)])
        return [motif async for motif in curseur]

    async def ajouter(self, motif: Document) -> bool:
        """Add a pattern; False when one is in force under its code."""
        try:
            await self._base.erreurs_parcoursup.insert_one({**motif, "actif": True})
        except DuplicateKeyError:
            return False
        return True

    async def retirer(self, code: str, par: str, instant: datetime) -> bool:
        """Withdraw a pattern that was added; tell whether there was one."""
        resultat = await self._base.erreurs_parcoursup.update_one(
            {"code": code, "actif": True},
            {"$set": {"actif": False, "retire_par": par, "retire_le": instant}},
        )
        return bool(resultat.modified_count)

    async def refusees(self) -> AsyncGenerator[list[Document], None]:
        """Yield, in batches, the offers refused once: `_id` and their answer under `retours`."""
        groupes = await self._base.envois.aggregate(
            [{"$match": {"issue": Issue.REFUSEE.value}}, {"$group": {"_id": "$formation"}}]
        )
        async with groupes:
            async for lot in in_batches(groupes, _LOT):
                criteres = {"_id": {"$in": [groupe["_id"] for groupe in lot]}}
                curseur = self._base.formations.find(criteres, {f"retours.{_NOM}": 1})
                yield [offre async for offre in curseur]

    async def textes_en_echec(self) -> list[Document]:
        """Return the failures by text: how many, since when, until when, on which offers."""
        groupes = await self._base.envois.aggregate(
            [
                {"$match": {"issue": Issue.REFUSEE.value, "statut": Statut.ECHEC.value}},
                {
                    "$group": {
                        "_id": "$erreur",
                        "nombre": {"$sum": 1},
                        "premiere": {"$min": "$repondu_le"},
                        "derniere": {"$max": "$repondu_le"},
                        "formations": {
                            "$lastN": {"input": "$formation", "n": _EXEMPLES},
                        },
                    }
                },
            ]
        )
        return [{"erreur": groupe.pop("_id"), **groupe} async for groupe in groupes]
