"""The notices in MongoDB: each version of each reader's, compressed, and the days established.

avis    {_id: `<reader>/<version>`, destinataire, version, jour, etabli_le, elements: lz4 of JSON}
"""

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

import cramjam
import orjson
from bson import Binary
from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.asynchronous.client_session import AsyncClientSession

from services.export.adapters.mongo import BaseMongo
from services.export.domain.avis import Avis, Element, Suite
from services.export.ports import Document
from services.kernel.events import Event
from services.kernel.mongo import in_transaction

_ETABLI: Final = "avis_etablis"
_VERSIONS: Final = IndexModel([("destinataire", ASCENDING), ("version", DESCENDING)], unique=True)
_LUS: Final = {
    "projection": 1,
    "affiche": 1,
    "decisions": 1,
    "retours": 1,
    "retenue": 1,
    "precedents": 1,
    "publication.depuis": 1,
    "publication.modifiee_le": 1,
    "eligibilites": 1,
}
# An offer that neither platform shows has something to say only for its certification or its past.
_CONCERNEES: Final = {
    "$or": [
        {"affiche": {"$ne": {}}},
        {"precedents": {"$exists": True}},
        {"projection.cfd_outdated": True},
        {"projection.rncp_outdated": True},
    ]
}


class AvisMongo:
    """Implements `usecases.aviser.Registre`, and what the API reads of it."""

    def __init__(self, base: BaseMongo, gardes: timedelta) -> None:
        """Keep the notices in `base` for `gardes` at least, the last of each reader for ever."""
        self._base = base
        self._avis = base.base["avis"]
        self._gardes = gardes

    async def preparer(self) -> None:
        """Create the index; idempotent."""
        await self._avis.create_indexes([_VERSIONS])

    async def offres(self) -> AsyncIterator[Document]:
        """Yield the offers of which a notice may have something to say."""
        async for document in self._base.formations.find(_CONCERNEES, _LUS, batch_size=1_000):
            yield document

    async def lecteurs(self) -> set[str]:
        """Return those who had a notice."""
        return set(await self._avis.distinct("destinataire"))

    async def derniers(self, destinataires: Sequence[str]) -> dict[str, Avis]:
        """Return the last notice of each of these readers that had one."""
        groupes = await self._avis.aggregate(
            [
                {"$match": {"destinataire": {"$in": list(destinataires)}}},
                {"$sort": {"destinataire": 1, "version": -1}},
                {"$group": {"_id": "$destinataire", "avis": {"$first": "$$ROOT"}}},
            ]
        )
        return {groupe["_id"]: _lire(groupe["avis"]) async for groupe in groupes}

    async def version(self, destinataire: str, version: int) -> Avis | None:
        """Return one notice of a reader, None when it is no longer kept."""
        document = await self._avis.find_one({"_id": _id(destinataire, version)})
        return _lire(document) if document else None

    async def avant(self, destinataire: str, version: int) -> Avis | None:
        """Return the notice that a version follows."""
        return await self.version(destinataire, version - 1) if version > 1 else None

    async def garder(
        self, suites: Sequence[Suite], dits: Sequence[Event], instant: datetime
    ) -> None:
        """Keep notices and have their events published, together or not at all."""
        if not suites:
            return
        documents = [{**_ecrire(suite.avis), "etabli_le": instant} for suite in suites]

        async def travail(session: AsyncClientSession) -> None:
            await self._avis.insert_many(documents, session=session)
            await self._base.outbox.add(session, dits)

        await in_transaction(self._base.client, travail)

    async def oublier(self, instant: datetime) -> None:
        """Forget the notices that are old; of each reader the last of them stays."""
        vieux = {"etabli_le": {"$lt": instant - self._gardes}}
        groupes = await self._avis.aggregate(
            [
                {"$match": vieux},
                {"$group": {"_id": "$destinataire", "version": {"$max": "$version"}}},
            ]
        )
        async for groupe in groupes:
            await self._avis.delete_many(
                {**vieux, "destinataire": groupe["_id"], "version": {"$lt": groupe["version"]}}
            )

    async def etabli(self) -> date | None:
        """Return the last day whose notices are all established."""
        note = await self._base.parametres.find_one({"_id": _ETABLI})
        return date.fromisoformat(note["jour"]) if note and note.get("jour") else None

    async def demandes(self) -> bool:
        """Tell whether notices were asked for since the last were established."""
        return await self._base.parametres.find_one({"_id": _ETABLI, "demandes": True}) is not None

    async def demander(self) -> None:
        """Have the notices of the day established again, whatever the hour."""
        await self._base.parametres.update_one(
            {"_id": _ETABLI}, {"$set": {"demandes": True}}, upsert=True
        )

    async def noter(self, jour: date, instant: datetime) -> None:
        """Keep that the notices of a day are all established."""
        note = {"jour": jour.isoformat(), "le": instant, "demandes": False}
        await self._base.parametres.update_one({"_id": _ETABLI}, {"$set": note}, upsert=True)


def _id(destinataire: str, version: int) -> str:
    return f"{destinataire}/{version}"


def _ecrire(avis: Avis) -> Document:
    return {
        "_id": _id(avis.destinataire, avis.version),
        "destinataire": avis.destinataire,
        "version": avis.version,
        "jour": avis.jour.isoformat(),
        "nombre": len(avis.elements),
        "elements": Binary(bytes(cramjam.lz4.compress_block(orjson.dumps(avis.elements)))),
    }


def _lire(document: dict[str, Any]) -> Avis:
    elements: list[Element] = orjson.loads(
        bytes(cramjam.lz4.decompress_block(document["elements"]))
    )
    return Avis(
        document["destinataire"],
        document["version"],
        date.fromisoformat(document["jour"]),
        elements,
    )
