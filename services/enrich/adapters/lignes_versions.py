"""The rows of reference tables: compressed blocks, stored once per edition of a table.

Documents of `referentiel_editions`: {_id: `<edition>/<n>`, edition, rang, bloc: zstd of JSON}.
"""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Final

import cramjam
import orjson
from bson import Binary
from pymongo import ASCENDING
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import DuplicateKeyError

from services.enrich.domain.chargement.modele import Ligne
from services.kernel.errors import RaceLost
from services.kernel.mongo import Database, Document

EDITIONS: Final = "referentiel_editions"
_LIGNES_PAR_BLOC: Final = 20_000


class LignesDesEditions:
    """Rows by edition. Writing happens inside the transaction that names the editions."""

    def __init__(self, database: Database) -> None:
        """Keep rows in `database`."""
        self._blocs = database[EDITIONS]

    async def prepare(self) -> None:
        """Create the index; idempotent."""
        await self._blocs.create_index([("edition", ASCENDING), ("rang", ASCENDING)])

    async def lire(self, editions: Iterable[str]) -> dict[str, list[Ligne]]:
        """Return the rows of editions, by edition."""
        lues: dict[str, list[Ligne]] = {edition: [] for edition in editions}
        demandees = {"edition": {"$in": list(lues)}}
        ordre = [("edition", ASCENDING), ("rang", ASCENDING)]
        async for document in self._blocs.find(demandees).sort(ordre):
            lues[document["edition"]] += await asyncio.to_thread(_lignes, document["bloc"])
        return lues

    async def retenir(self, editions: Iterable[str], session: AsyncClientSession) -> set[str]:
        """Return which editions are stored; nobody sweeps those before this transaction ends."""
        premiers = {"_id": {"$in": [f"{edition}/0" for edition in editions]}}
        await self._blocs.update_many(premiers, {"$inc": {"retenue": 1}}, session=session)
        trouves = self._blocs.find(premiers, {"edition": 1}, session=session)
        return {document["edition"] async for document in trouves}

    async def ecrire(
        self, edition: str, lignes: Sequence[Ligne], session: AsyncClientSession
    ) -> None:
        """Store an edition; raises `RaceLost` when another transaction stores the same."""
        blocs = await asyncio.to_thread(_en_blocs, edition, lignes)
        try:
            await self._blocs.insert_many(blocs, session=session)
        except DuplicateKeyError as erreur:
            raise RaceLost from erreur

    async def balayer(self, gardees: Iterable[str], session: AsyncClientSession) -> None:
        """Remove the rows of every edition that is not to be kept."""
        autres = {"edition": {"$nin": list(gardees)}}
        await self._blocs.delete_many(autres, session=session)


def _en_blocs(edition: str, lignes: Sequence[Ligne]) -> list[Document]:
    return [
        {
            "_id": f"{edition}/{rang}",
            "edition": edition,
            "rang": rang,
            "bloc": Binary(bytes(cramjam.zstd.compress(orjson.dumps(part), 3))),
        }
        for rang, part in enumerate(_parts(lignes))
    ]


def _parts(lignes: Sequence[Ligne]) -> list[Sequence[Ligne]]:
    debuts = range(0, len(lignes) or 1, _LIGNES_PAR_BLOC)
    return [lignes[debut : debut + _LIGNES_PAR_BLOC] for debut in debuts]


def _lignes(bloc: bytes) -> list[Ligne]:
    lignes: list[Ligne] = orjson.loads(bytes(cramjam.zstd.decompress(bloc)))
    return lignes
