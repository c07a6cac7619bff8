"""`ports.Offres` and its transactions over one database and its outbox."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from pymongo import ASCENDING, DESCENDING, IndexModel, ReplaceOne
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import BulkWriteError

from contracts.evenements import Etat
from services.collect.adapters.mongo import formes
from services.collect.domain.depot import Depot, Lot, Passage, Reponse
from services.collect.domain.identite import CLE
from services.collect.domain.tenue import Tenue
from services.collect.ports import Transaction
from services.kernel.errors import RaceLost
from services.kernel.events import Event
from services.kernel.indexes import create_indexes
from services.kernel.mongo import Client, Database, Document, in_transaction
from services.kernel.outbox import Outbox

T = TypeVar("T")

_CLE_EN_DOUBLE: Final = 11_000


_INDEX: Final = {
    formes.OFFRES: [
        IndexModel([("aliases", ASCENDING)], unique=True),
        IndexModel([("deposant", ASCENDING), ("_id", ASCENDING)]),
    ],
    formes.DEPOTS: [IndexModel([("deposant", ASCENDING), ("_id", DESCENDING)])],
    # These create the collection: done inside a transaction, it would hold others up.
    **{
        nom: [IndexModel([("_id", ASCENDING)])]
        for nom in (formes.LIGNES, formes.CONSTATS, formes.AVANCEMENT)
    },
}


class MongoOffres:
    """The store of collect, for writing."""

    def __init__(self, client: Client, database: Database, outbox: Outbox) -> None:
        """Write in `database`; `outbox` must be that database's."""
        self._client = client
        self._database = database
        self._outbox = outbox
        self._offres = database[formes.OFFRES]

    async def prepare(self) -> None:
        """Create the indexes; idempotent. To be called at start."""
        await create_indexes(self._database, _INDEX)
        await self._outbox.prepare()

    async def transaction(self, travail: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run `travail` in a transaction; see the port."""

        async def dans(session: AsyncClientSession) -> T:
            return await travail(_MongoTransaction(self._database, self._outbox, session))

        return await in_transaction(self._client, dans)

    async def vue(self, aliases: Collection[str]) -> list[Tenue]:
        """Return the offers that bear these aliases; see the port."""
        return await _vue(self._offres, aliases, None)

    async def par_id(self, id_: str) -> Tenue | None:
        """Return one whole offer."""
        document = await self._offres.find_one({"_id": id_})
        return formes.document_en_offre(document) if document else None

    async def par_racine(self, racine: str) -> list[Tenue]:
        """Return two offers at most by the root of their clé; see the port."""
        debut = f"{CLE}{racine}#"
        filtre = {"aliases": {"$elemMatch": {"$gte": debut, "$lt": debut + "\uffff"}}}
        return [formes.document_en_offre(d) async for d in self._offres.find(filtre).limit(2)]

    async def publiees(self, deposant: str) -> int:
        """Count the published offers of a depositor; see the port."""
        return await self._offres.count_documents(
            {"deposant": deposant, "etat": Etat.ACTIVE.value, "depubliee": {"$exists": False}}
        )

    async def garder_reponses(self, reponses: Sequence[Reponse]) -> None:
        """Store answers once."""
        documents = [formes.reponse_en_document(r) for r in reponses if r.lignes]
        await self._inserer_une_fois(formes.CONSTATS, documents)

    async def garder_passages(self, passages: Sequence[Passage]) -> None:
        """Store stages passed once."""
        le = datetime.now(UTC)
        documents = [
            {"_id": p.id, "etape": str(p.etape), "plages": p.plages, "le": le} for p in passages
        ]
        await self._inserer_une_fois(formes.AVANCEMENT, documents)

    async def _inserer_une_fois(self, nom: str, documents: list[Document]) -> None:
        if not documents:
            return
        try:
            await self._database[nom].insert_many(documents, ordered=False)
        except BulkWriteError as error:
            if any(e["code"] != _CLE_EN_DOUBLE for e in error.details["writeErrors"]):
                raise


class _MongoTransaction:
    def __init__(self, database: Database, outbox: Outbox, session: AsyncClientSession) -> None:
        self._database = database
        self._offres = database[formes.OFFRES]
        self._outbox = outbox
        self._session = session

    async def vue(self, aliases: Collection[str]) -> list[Tenue]:
        return await _vue(self._offres, aliases, self._session)

    async def entieres(self, ids: Sequence[str]) -> dict[str, Tenue]:
        filtre = {"_id": {"$in": list(ids)}}
        # Written, so that a change at the same time meets a conflict instead of overtaking this.
        await self._offres.update_many(
            filtre, {"$set": {"tenue_le": datetime.now(UTC)}}, session=self._session
        )
        curseur = self._offres.find(filtre, session=self._session)
        return {d["_id"]: formes.document_en_offre(d) async for d in curseur}

    async def inserer(self, tenues: Sequence[Tenue]) -> None:
        if tenues:
            documents = [formes.offre_en_document(tenue) for tenue in tenues]
            await self._ecrire(
                self._offres.insert_many(documents, ordered=True, session=self._session)
            )

    async def remplacer(self, tenues: Sequence[Tenue]) -> None:
        if tenues:
            operations = [
                ReplaceOne({"_id": tenue.id}, formes.offre_en_document(tenue)) for tenue in tenues
            ]
            await self._ecrire(
                self._offres.bulk_write(operations, ordered=True, session=self._session)
            )

    async def garder_lot(self, lot: Lot) -> None:
        await self._database[formes.LIGNES].insert_one(
            formes.lot_en_document(lot), session=self._session
        )

    async def garder_depot(self, depot: Depot) -> None:
        document = formes.depot_en_document(depot)
        await self._database[formes.DEPOTS].replace_one(
            {"_id": depot.id}, document, upsert=True, session=self._session
        )

    async def publier(self, evenements: Sequence[Event]) -> None:
        await self._outbox.add(self._session, evenements)

    async def _ecrire(self, ecriture: Awaitable[Any]) -> None:
        try:
            await ecriture
        except BulkWriteError as error:
            if any(e["code"] == _CLE_EN_DOUBLE for e in error.details.get("writeErrors", ())):
                raise RaceLost from error
            raise


async def _vue(
    offres: Any,  # noqa: ANN401 - pymongo's collection, whose type names no session
    aliases: Collection[str],
    session: AsyncClientSession | None,
) -> list[Tenue]:
    if not aliases:
        return []
    curseur = offres.find({"aliases": {"$in": list(aliases)}}, formes.SANS_CONTENU, session=session)
    return [formes.document_en_offre(document) async for document in curseur]
