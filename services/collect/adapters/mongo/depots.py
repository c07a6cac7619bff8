"""`ports.Depots` over the database of collect: deposits and their chunks, read."""

from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

from pymongo import DESCENDING

from services.collect.adapters.mongo import formes
from services.collect.domain.constat import Constat
from services.collect.domain.depot import Depot
from services.collect.domain.lignes import LigneJugee
from services.collect.domain.rapport import en_ensembles
from services.collect.ports import Resume
from services.kernel.mongo import Database, Document

_SANS_LIGNES = {"lignes": 0}
_SANS_BILAN = {"bilan": 0}
_MORCEAUX: Final = (formes.LIGNES, formes.CONSTATS, formes.AVANCEMENT)
# A follower looks several times a second: chunks are remembered between two looks, of so many
# deposits and so many chunks each that memory stays small.
_SUIVIS_MAX: Final = 4
_MORCEAUX_MAX: Final = 500


class MongoDepots:
    """The deposits, read; see the port."""

    def __init__(self, database: Database) -> None:
        """Read `database`."""
        self._database = database
        self._suivis: dict[str, dict[str, dict[str, Document]]] = {}

    async def depot(self, id_: str) -> Depot | None:
        """Return one deposit."""
        document = await self._database[formes.DEPOTS].find_one({"_id": id_}, _SANS_BILAN)
        return formes.document_en_depot(document) if document else None

    async def depots(self, deposant: str | None, avant: str | None, limite: int) -> list[Depot]:
        """Return deposits, the latest first."""
        filtre: Document = {} if deposant is None else {"deposant": deposant}
        if avant is not None:
            filtre["_id"] = {"$lt": avant}
        curseur = (
            self._database[formes.DEPOTS]
            .find(filtre, _SANS_BILAN)
            .sort("_id", DESCENDING)
            .limit(limite)
        )
        return [formes.document_en_depot(document) async for document in curseur]

    async def bilan(self, depot: str) -> dict[str, Any] | None:
        """Return the totals that were kept, if any."""
        document = await self._database[formes.DEPOTS].find_one({"_id": depot}, {"bilan": 1})
        bilan: dict[str, Any] | None = document.get("bilan") if document else None
        return bilan

    async def garder_bilan(self, depot: str, bilan: dict[str, Any]) -> None:
        """Keep the totals of a deposit that will not change."""
        await self._database[formes.DEPOTS].update_one({"_id": depot}, {"$set": {"bilan": bilan}})

    async def resume(self, depot: str) -> Resume:
        """Return what the chunks say, without lines."""
        suivi = self._suivis.pop(depot, None) or {nom: {} for nom in _MORCEAUX}
        self._suivis[depot] = suivi
        while len(self._suivis) > _SUIVIS_MAX:
            del self._suivis[next(iter(self._suivis))]
        for nom, connus in suivi.items():
            filtre = formes.du_depot(depot)
            # Chunks are only ever inserted: one that was read is not read again.
            filtre["_id"]["$nin"] = list(connus)
            async for morceau in self._database[nom].find(filtre, _SANS_LIGNES):
                connus[morceau["_id"]] = en_ensembles(morceau)
        if sum(map(len, suivi.values())) > _MORCEAUX_MAX:
            self._suivis.pop(depot, None)
        return Resume(*[list(connus.values()) for connus in suivi.values()])

    async def lots(self, depot: str, apres: int) -> AsyncIterator[list[LigneJugee]]:
        """Yield the lines after a rank, batch by batch."""
        filtre = {**formes.du_depot(depot), "dernier": {"$gt": apres}}
        async for document in self._database[formes.LIGNES].find(filtre).sort("_id"):
            lignes = [x for x in formes.lignes_du_document(document) if x.rang > apres]
            if lignes:
                yield lignes

    async def reponses(
        self, depot: str, premier: int, dernier: int
    ) -> dict[int, list[tuple[str | None, Sequence[Constat]]]]:
        """Return the answers on a range of lines, by rank."""
        filtre = {
            **formes.du_depot(depot),
            "premier": {"$lte": dernier},
            "dernier": {"$gte": premier},
        }
        par_rang: dict[int, list[tuple[str | None, Sequence[Constat]]]] = {}
        async for document in self._database[formes.CONSTATS].find(filtre).sort("_id"):
            for rang, offre, constats in formes.reponses_du_document(document):
                if premier <= rang <= dernier:
                    par_rang.setdefault(rang, []).append((offre, constats))
        return par_rang

    async def empreintes(self, apres: str, jusqua: str | None) -> AsyncIterator[Document]:
        """Yield id, sequence, digest and state of the offers after an id, in order of ids."""
        bornes = {"$gt": apres} if jusqua is None else {"$gt": apres, "$lte": jusqua}
        champs = {"sequence": 1, "empreinte": 1, "etat": 1}
        curseur = self._database[formes.OFFRES].find({"_id": bornes}, champs).sort("_id")
        async for document in curseur.batch_size(1_000):
            document["id"] = document.pop("_id")
            yield document
