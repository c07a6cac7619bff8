"""The staged Affelnet imports in MongoDB.

An import is its header (`imports`) and lots of rows, of report and of differences
(`imports_lots`) under deterministic ids: the header is written last and names the version of its
preview, so that what a crash leaves half written is never read, and is written over.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Sequence
from typing import Final, TypeVar

from bson import encode
from pymongo import ASCENDING, IndexModel
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import DuplicateKeyError

from services.export.adapters.mongo import BaseMongo, TransactionMongo
from services.export.domain.lignes_affelnet import LigneLue, lire_ligne
from services.export.ports import Document
from services.export.ports_imports import TransactionDImport
from services.kernel.batches import in_batches

T = TypeVar("T")

_LOT: Final = 1_000
_LOT_OCTETS: Final = 4 << 20
_LIGNES: Final = "lignes"
RAPPORT: Final = "rapport"
DIFFERENCES: Final = "differences"
INDEX: Final = IndexModel(
    [("import", ASCENDING), ("genre", ASCENDING), ("version", ASCENDING), ("rang", ASCENDING)]
)


class ImportsMongo:
    """Implements `ports_imports.Imports`."""

    def __init__(self, base: BaseMongo) -> None:
        """Use `base`."""
        self._base = base
        self._entetes = base.base["imports"]
        self._lots = base.base["imports_lots"]

    async def preparer(self) -> None:
        """Create the index; idempotent."""
        await self._lots.create_indexes([INDEX])

    async def garder(self, entete: Document, lignes: Sequence[LigneLue]) -> bool:
        """Keep a new import whole; False when it is held already."""
        if await self.un(entete["_id"]) is not None:
            return False
        elements = [
            {"numero": lue.numero, "cellules": dict(lue.cellules), "refus": lue.refus}
            for lue in lignes
        ]
        await self._ecrire(entete["_id"], _LIGNES, "", elements)
        try:
            await self._entetes.insert_one(dict(entete))
        except DuplicateKeyError:
            return False
        return True

    async def un(self, identifiant: str) -> Document | None:
        """Return an import without its rows."""
        return await self._entetes.find_one({"_id": identifiant})

    async def derniers(self, limite: int) -> list[Document]:
        """Return the last imports, latest first."""
        curseur = self._entetes.find({}, sort=[("depose_le", -1), ("_id", 1)], limit=limite)
        return [entete async for entete in curseur]

    async def lignes(self, identifiant: str) -> list[LigneLue]:
        """Return the rows of an import, in their order."""
        return [_lue(element) async for element in self.elements(identifiant, _LIGNES, "")]

    async def elements(self, identifiant: str, genre: str, version: str) -> AsyncIterator[Document]:
        """Yield the rows, the report or the differences of an import, in their order."""
        criteres = {"import": identifiant, "genre": genre, "version": version}
        async for lot in self._lots.find(criteres, sort=[("rang", ASCENDING)], batch_size=2):
            for element in lot["elements"]:
                yield element

    async def offres(self, champs: Sequence[str]) -> AsyncGenerator[list[Document], None]:
        """Yield these fields of every stored formation, in batches, from one snapshot."""
        async with self._base.client.start_session(snapshot=True) as session:
            async for lot in _offres(self._base, champs, session):
                yield lot

    async def completes(self, ids: Sequence[str]) -> dict[str, Document]:
        """Return the stored formations among `ids`, by id."""
        curseur = self._base.formations.find({"_id": {"$in": list(ids)}})
        return {document["_id"]: document async for document in curseur}

    async def garder_apercu(
        self,
        identifiant: str,
        apercu: Document,
        rapport: Sequence[Document],
        differences: Sequence[Document],
    ) -> None:
        """Make a preview the last one of an import, at once; the former is forgotten."""
        version = apercu["version"]
        await self._ecrire(identifiant, RAPPORT, version, rapport)
        await self._ecrire(identifiant, DIFFERENCES, version, differences)
        await self._entetes.update_one({"_id": identifiant}, {"$set": {"apercu": apercu}})
        await self._lots.delete_many(
            {
                "import": identifiant,
                "genre": {"$in": [RAPPORT, DIFFERENCES]},
                "version": {"$ne": version},
            }
        )

    async def transaction(self, travail: Callable[[TransactionDImport], Awaitable[T]]) -> T:
        """Run `travail` in a transaction; it may be run again from a new snapshot."""
        return await self._base.dans(_Transaction, travail)

    async def _ecrire(
        self, identifiant: str, genre: str, version: str, elements: Sequence[Document]
    ) -> None:
        for rang, morceau in enumerate(_decouper(elements)):
            lot = {
                "_id": f"{identifiant}:{genre}:{version}:{rang:05}",
                "import": identifiant,
                "genre": genre,
                "version": version,
                "rang": rang,
                "elements": morceau,
            }
            await self._lots.replace_one({"_id": lot["_id"]}, lot, upsert=True)


def _decouper(elements: Sequence[Document]) -> Iterator[list[Document]]:
    """Yield the elements in order, in lots that fit in a document however long their texts are."""
    lot: list[Document] = []
    octets = 0
    for element in elements:
        octets += len(encode(element))
        if lot and (octets > _LOT_OCTETS or len(lot) == _LOT):
            yield lot
            lot, octets = [], len(encode(element))
        lot.append(element)
    if lot:
        yield lot


def _lue(element: Document) -> LigneLue:
    lue = lire_ligne(element["numero"], element["cellules"])
    return LigneLue(lue.numero, lue.cellules, lue.academie, lue.dite, element["refus"])


async def _offres(
    base: BaseMongo, champs: Sequence[str], session: AsyncClientSession
) -> AsyncGenerator[list[Document], None]:
    curseur = base.formations.find({}, dict.fromkeys(champs, 1), session=session, batch_size=_LOT)
    async with curseur:
        async for lot in in_batches(curseur, _LOT):
            yield lot


class _Transaction(TransactionMongo):
    """Implements `ports_imports.TransactionDImport`."""

    def offres(self, champs: Sequence[str]) -> AsyncGenerator[list[Document], None]:
        return _offres(self._base, champs, self._session)

    async def noter_application(self, identifiant: str, application: Document) -> None:
        await self._base.base["imports"].update_one(
            {"_id": identifiant}, {"$push": {"applications": application}}, session=self._session
        )
