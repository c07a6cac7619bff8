"""Operations on all offers in MongoDB, with the snapshots of seasons and the campaigns."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final, TypeVar

from pymongo import ASCENDING, IndexModel, ReplaceOne
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import DuplicateKeyError

from contracts.statuts import Plateforme
from services.export.adapters.mongo import BaseMongo, TransactionMongo
from services.export.adapters.regles import CAMPAGNES
from services.export.domain.operations import Etape
from services.export.ports import Document
from services.export.ports_operations import TransactionDOperation
from services.kernel.batches import in_batches
from services.kernel.errors import RaceLost

T = TypeVar("T")

_LOT: Final = 1_000
_DE_LA_SAISON: Final = IndexModel(
    [("campagne", ASCENDING), ("plateforme", ASCENDING), ("_id", ASCENDING)]
)


class OperationsMongo:
    """Implements `ports_operations.Operations`."""

    def __init__(self, base: BaseMongo) -> None:
        """Use `base`."""
        self._base = base
        self._operations = base.base["operations"]
        self._saisons = base.base["saisons"]

    async def preparer(self) -> None:
        """Create the indexes; idempotent."""
        await self._saisons.create_indexes([_DE_LA_SAISON])

    async def une(self, identifiant: str) -> Document | None:
        """Return an operation."""
        return await self._operations.find_one({"_id": identifiant})

    async def toutes(self) -> list[Document]:
        """Return the operations, the last asked for first."""
        curseur = self._operations.find({}, sort=[("demandee_le", -1), ("_id", 1)])
        return [operation async for operation in curseur]

    async def en_cours(self) -> list[Document]:
        """Return those that are not finished, the first asked for first."""
        curseur = self._operations.find(
            {"etape": {"$ne": Etape.TERMINEE.value}}, sort=[("demandee_le", 1), ("_id", 1)]
        )
        return [operation async for operation in curseur]

    async def demander(self, operation: Document) -> bool:
        """Keep a new operation; False when one of the same id is there."""
        try:
            await self._operations.insert_one(operation)
        except DuplicateKeyError:
            return False
        return True

    async def enregistree(self, plateforme: Plateforme) -> bool:
        """Tell whether the campaign in force on a platform was recorded."""
        parametre = await self._base.parametres.find_one({"_id": CAMPAGNES})
        return parametre is not None and plateforme.value in parametre["debuts"]

    async def offres(self) -> AsyncIterator[list[Document]]:
        """Yield all stored formations, in batches, in the order of their ids."""
        async with self._base.formations.find({}, sort=[("_id", 1)], batch_size=_LOT) as curseur:
            async for lot in in_batches(curseur, _LOT):
                yield lot

    async def journal(
        self, formations: Sequence[str], plateforme: Plateforme
    ) -> Mapping[str, list[Document]]:
        """Return what the journal has of these offers on a platform, by offer."""
        return await _journal(self._base, formations, plateforme, None)

    async def transaction(self, travail: Callable[[TransactionDOperation], Awaitable[T]]) -> T:
        """Run `travail` in a transaction; it may be run again from a new snapshot."""
        return await self._base.dans(_Transaction, travail)


class _Transaction(TransactionMongo):
    """Implements `ports_operations.TransactionDOperation`."""

    async def operation(self, identifiant: str) -> Document:
        trouvee = await self._base.base["operations"].find_one(
            {"_id": identifiant}, session=self._session
        )
        if trouvee is None:
            raise LookupError(identifiant)
        return trouvee

    async def avancer(self, operation: Document) -> None:
        # Another process that does the same batch meets a write conflict here, or nothing to match.
        faite = await self._base.base["operations"].replace_one(
            {"_id": operation["_id"], "version": operation["version"]},
            {**operation, "version": operation["version"] + 1},
            session=self._session,
        )
        if not faite.matched_count:
            raise RaceLost

    async def tranche(self, apres: str, limite: int) -> list[Document]:
        curseur = self._base.formations.find(
            {"_id": {"$gt": apres}}, sort=[("_id", 1)], limit=limite, session=self._session
        )
        return [document async for document in curseur]

    async def saisons(self, ids: Sequence[str]) -> dict[str, Document]:
        curseur = self._base.base["saisons"].find(
            {"_id": {"$in": list(ids)}}, session=self._session
        )
        return {saison["formation"]: saison async for saison in curseur}

    async def garder_saisons(self, saisons: Sequence[Document]) -> None:
        if saisons:
            await self._base.base["saisons"].bulk_write(
                [ReplaceOne({"_id": un["_id"]}, un, upsert=True) for un in saisons],
                session=self._session,
                ordered=False,
            )

    async def decisions_prises(
        self, formations: Sequence[str], plateforme: Plateforme
    ) -> Mapping[str, list[Document]]:
        return await _journal(self._base, formations, plateforme, self._session)

    async def ouvrir_campagne(self, plateforme: Plateforme, debut: date) -> None:
        await self._base.parametres.update_one(
            {"_id": CAMPAGNES},
            {"$set": {f"debuts.{plateforme}": debut.isoformat()}},
            upsert=True,
            session=self._session,
        )


async def _journal(
    base: BaseMongo,
    formations: Sequence[str],
    plateforme: Plateforme,
    session: AsyncClientSession | None,
) -> Mapping[str, list[Document]]:
    criteres: dict[str, Any] = {
        "formation": {"$in": list(formations)},
        "plateforme": plateforme.value,
    }
    lues: dict[str, list[Document]] = {}
    async for entree in base.decisions.find(criteres, session=session):
        lues.setdefault(entree["formation"], []).append(entree)
    return lues
