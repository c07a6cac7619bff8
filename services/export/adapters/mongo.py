"""Export's database: formations with their facts, rules, decisions, exchanges, outbox."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Final, TypeVar

from bson import Timestamp
from pymongo import ASCENDING, IndexModel, ReplaceOne
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import BulkWriteError, DuplicateKeyError

from contracts.statuts import Plateforme
from services.export.domain.lots import GARDE as LOT_GARDE
from services.export.ports import Document, Transaction
from services.export.settings import BASE, ExportSettings
from services.kernel.errors import RaceLost
from services.kernel.events import Event
from services.kernel.indexes import create_indexes
from services.kernel.mongo import Store, connect, in_transaction
from services.kernel.outbox import Outbox

T = TypeVar("T")
Ouverte = TypeVar("Ouverte")
Collection = AsyncCollection[dict[str, Any]]

_DUPLICATE_KEY: Final = 11000
RELECTURE: Final = "parcoursup_relecture"
"""The parameter that tells which read-back of Parcoursup is in force."""
SERVER_TIME: Final = Timestamp(0, 0)
"""Replaced by the server, at each writing, by a time that no two writings share."""


class BaseMongo:
    """Implements `ports.Base`."""

    def __init__(self, store: Store, settings: ExportSettings) -> None:
        """Use the database `export` of this installation."""
        base = store.database(BASE)
        self.base = base
        self.client = store.client
        self.parcoursup_actif = settings.parcoursup_actif
        self.formations: Collection = base["formations"]
        self.regles: Collection = base["regles"]
        self.regles_historique: Collection = base["regles_historique"]
        self.parametres: Collection = base["parametres"]
        self.decisions: Collection = base["decisions"]
        self.historique: Collection = base["statuts_historique"]
        self.actes: Collection = base["actes"]
        self.lots: Collection = base["lots"]
        self.compteurs: Collection = base["compteurs"]
        self.envois: Collection = base["envois"]
        self.reglages_parcoursup: Collection = base["reglages_parcoursup"]
        self.erreurs_parcoursup: Collection = base["erreurs_parcoursup"]
        self.relectures: Collection = base["relectures"]
        self.relectures_lots: Collection = base["relectures_lots"]
        self.alarmes: Collection = base["alarmes"]
        self.outbox = Outbox(base, bytes_max=settings.outbox_octets_max)

    async def preparer(self) -> None:
        """Create the indexes; idempotent. To be called when a process starts."""
        await create_indexes(self.base, _INDEX)
        await self.outbox.prepare()

    async def repondre(self) -> None:
        """Return if the server answers; raises the driver's error when it does not."""
        await self.client.admin.command("ping")

    async def transaction(self, travail: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run `travail` in a transaction, again from a new snapshot when a race is lost."""
        return await self.dans(TransactionMongo, travail)

    async def dans(
        self,
        ouvrir: Callable[["BaseMongo", AsyncClientSession], Ouverte],
        travail: Callable[[Ouverte], Awaitable[T]],
    ) -> T:
        """Run `travail` in a transaction as `ouvrir` opens it; what is there already is a race."""

        async def essai(session: AsyncClientSession) -> T:
            try:
                return await travail(ouvrir(self, session))
            except DuplicateKeyError as erreur:
                raise RaceLost from erreur
            except BulkWriteError as erreur:
                if all(un["code"] == _DUPLICATE_KEY for un in erreur.details["writeErrors"]):
                    raise RaceLost from erreur
                raise

        return await in_transaction(self.client, essai)


_ACADEMIE: Final = IndexModel([("projection.num_academie", ASCENDING), ("_id", ASCENDING)])
# What a rule may touch, in the order of ids: sweeps are taken up again by id.
_DIPLOME: Final = IndexModel(
    [("projection.niveau", ASCENDING), ("projection.diplome", ASCENDING), ("_id", ASCENDING)]
)
# What was written since a sweep under another mark: looked for every few seconds, mostly nothing.
_TARDIVES: Final = IndexModel([("marque", ASCENDING), ("ecrit", ASCENDING)], name="tardives")
_SUCCESSEURS: Final = IndexModel([("projection.predecesseurs", ASCENDING)], sparse=True)
_VERSIONS: Final = IndexModel([("regle", ASCENDING), ("version", ASCENDING)], unique=True)
_NUMEROS: Final = IndexModel(
    [("formation", ASCENDING), ("plateforme", ASCENDING), ("numero", ASCENDING)], unique=True
)
_LOTS_GARDES: Final = IndexModel(
    [("essaye_le", ASCENDING)], expireAfterSeconds=int(LOT_GARDE.total_seconds())
)
_JOURS: Final = IndexModel([("jour", ASCENDING), ("plateforme", ASCENDING)])
_FORMATION: Final = IndexModel([("formation", ASCENDING)])
# One exchange at a time for an offer: what keeps two senders from sending it twice.
_OUVERTS: Final = IndexModel(
    [("formation", ASCENDING)],
    name="ouverts",
    unique=True,
    partialFilterExpression={"ouvert": True},
)
_REPONDUS: Final = IndexModel([("repondu_le", ASCENDING)], sparse=True)
_ISSUES: Final = IndexModel([("issue", ASCENDING), ("formation", ASCENDING)])
_CLES: Final = IndexModel([("cle", ASCENDING), ("issue", ASCENDING)])
_CODES: Final = IndexModel(
    [("code", ASCENDING)], unique=True, partialFilterExpression={"actif": True}
)
_DEMANDEES: Final = IndexModel([("demandee_le", ASCENDING)])
_RELECTURES: Final = IndexModel([("relecture", ASCENDING)])
# An alarm is raised once, however many processes see its cause.
_LEVEES: Final = IndexModel(
    [("nature", ASCENDING)], unique=True, partialFilterExpression={"levee": True}
)


def _affiche(plateforme: Plateforme) -> IndexModel:
    # Most offers are « non publiable » and not listed: they stay out of the index.
    champ = f"affiche.{plateforme}"
    return IndexModel(
        [(champ, ASCENDING), ("projection.num_academie", ASCENDING), ("_id", ASCENDING)],
        partialFilterExpression={champ: {"$exists": True}},
    )


_INDEX: Final = {
    "formations": [_ACADEMIE, _DIPLOME, _TARDIVES, _SUCCESSEURS, *map(_affiche, Plateforme)],
    "regles_historique": [_VERSIONS],
    "decisions": [_NUMEROS],
    "actes": [_FORMATION],
    "lots": [_LOTS_GARDES],
    "compteurs": [_JOURS],
    "envois": [_OUVERTS, _REPONDUS, _ISSUES, _CLES],
    "erreurs_parcoursup": [_CODES],
    "relectures": [_DEMANDEES],
    "relectures_lots": [_RELECTURES],
    "alarmes": [_LEVEES],
}


class TransactionMongo:
    """Implements `ports.Transaction` on one session."""

    def __init__(self, base: BaseMongo, session: AsyncClientSession) -> None:
        self._base = base
        self._session = session

    async def formations(self, ids: Sequence[str]) -> dict[str, Document]:
        curseur = self._base.formations.find({"_id": {"$in": list(ids)}}, session=self._session)
        return {document["_id"]: document async for document in curseur}

    async def ecrire(self, nouvelles: Sequence[Document], remplacees: Sequence[Document]) -> None:
        for document in (*nouvelles, *remplacees):
            document["ecrit"] = SERVER_TIME
        if nouvelles:
            await self._base.formations.insert_many(nouvelles, session=self._session, ordered=False)
        if remplacees:
            await self._base.formations.bulk_write(
                [ReplaceOne({"_id": document["_id"]}, document) for document in remplacees],
                session=self._session,
                ordered=False,
            )

    async def journaliser(self, decision: Document) -> None:
        await self._base.decisions.insert_one(decision, session=self._session)

    async def historiser(self, changements: Sequence[Document]) -> None:
        if changements:
            await self._base.historique.insert_many(
                changements, session=self._session, ordered=False
            )

    async def noter_acte(self, acte: Document) -> None:
        await self._base.actes.insert_one(acte, session=self._session)

    async def lot(self, jeton: str) -> Document | None:
        return await self._base.lots.find_one({"_id": jeton}, session=self._session)

    async def avancer_lot(self, jeton: str, resultats: Sequence[Document]) -> None:
        await self._base.lots.update_one(
            {"_id": jeton},
            {"$push": {"resultats": {"$each": resultats}}},
            session=self._session,
        )

    async def clore_envoi(self, envoi: str, reponse: Document) -> None:
        await self._base.envois.update_one(
            {"_id": envoi}, {"$set": {**reponse, "ouvert": False}}, session=self._session
        )

    async def envoi_actif(self) -> bool:
        derniers = await self._base.reglages_parcoursup.find_one(
            {}, sort=[("_id", -1)], session=self._session
        )
        return derniers["reglages"]["actif"] if derniers else self._base.parcoursup_actif

    async def relecture_en_vigueur(self) -> datetime | None:
        tenue = await self._base.parametres.find_one({"_id": RELECTURE}, session=self._session)
        return tenue["lue_le"] if tenue else None

    async def noter_relecture(self, lot: Document) -> None:
        await self._base.relectures_lots.replace_one(
            {"_id": lot["_id"]}, lot, upsert=True, session=self._session
        )

    async def emettre(self, evenements: Sequence[Event]) -> None:
        await self._base.outbox.add(self._session, evenements)


@asynccontextmanager
async def ouvrir(settings: ExportSettings) -> AsyncIterator[BaseMongo]:
    """Open the database with a client of its own, its indexes made; closed at the end."""
    client = connect(settings)
    try:
        base = BaseMongo(Store(client, settings), settings)
        await base.preparer()
        yield base
    finally:
        await client.close()
