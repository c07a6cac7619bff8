"""The queue and the answers of geocoding, in one collection of database `catalogue`.

geocodages   {_id: `Adresse.cle`, adresse: {…}, formations: [ids], essais, prochain,
              le?, issue?, reponse?: {…}, jour?, a_reprendre?}
An address stays in the queue once answered: it is due again when its answer has grown old.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final

from pymongo import ASCENDING, DESCENDING, ReturnDocument, UpdateOne

from services.enrich.adapters.mongo import FORMATIONS
from services.enrich.domain.enrichissement.geocodage import (
    Adresse,
    Geocodage,
    Issue,
    Reponse,
    adresse_de,
)
from services.enrich.ports_geocodage import Demande
from services.kernel.batches import in_batches
from services.kernel.mongo import Database, Document

COLLECTION: Final = "geocodages"
SANS_POSITION: Final = (
    "coordonnees_absentes",
    "coordonnees_illisibles",
    "coordonnees_nulles",
    "coordonnees_tres_eloignees",
)
"""The findings of a place that nothing declared puts on the map."""

_ADRESSE: Final = (
    "lieu_formation_adresse",
    "code_postal",
    "code_commune_insee",
    "localite",
)
_LOT: Final = 500
_D_EMBLEE: Final = datetime(1970, 1, 1, tzinfo=UTC)


class MongoGeocodages:
    """`ports_geocodage.Geocodages` over one database."""

    def __init__(self, database: Database) -> None:
        """Keep the queue beside the formations of `database`."""
        self._collection = database[COLLECTION]
        self._formations = database[FORMATIONS]

    async def prepare(self) -> None:
        """Create the indexes; idempotent."""
        await self._collection.create_index([("prochain", ASCENDING)])
        await self._collection.create_index([("le", DESCENDING)], sparse=True)
        await self._collection.create_index([("a_reprendre", ASCENDING)], sparse=True)

    async def examiner(self) -> int:
        """Queue the addresses of the formations that have no usable position."""
        nombre = 0
        demandes = (_demande(nom, adresse) async for nom, adresse in self._sans_position())
        async for lot in in_batches(demandes, _LOT):
            await self._collection.bulk_write(lot, ordered=False)
            nombre += len(lot)
        return nombre

    async def _sans_position(self) -> AsyncIterator[tuple[str, Adresse]]:
        curseur = self._formations.find(
            {"etat": "active", "constats.code": {"$in": SANS_POSITION}},
            {f"formation.{champ}": 1 for champ in _ADRESSE},
        )
        async for document in curseur:
            if adresse := adresse_de(document["formation"]):
                yield document["_id"], adresse

    async def prendre(self, maintenant: datetime, rendre: datetime) -> Demande | None:
        """Take the address that is due for the longest."""
        document = await self._collection.find_one_and_update(
            {"prochain": {"$lte": maintenant}},
            {"$set": {"prochain": rendre}},
            {"adresse": 1, "essais": 1},
            sort=[("prochain", ASCENDING)],
            return_document=ReturnDocument.AFTER,
        )
        if document is None:
            return None
        return Demande(document["_id"], Adresse(**document["adresse"]), document["essais"])

    async def repondre(self, cle: str, geocodage: Geocodage, prochain: datetime) -> None:
        """Keep an answer; its formations are to be recomputed."""
        reponse = geocodage.reponse
        await self._collection.update_one(
            {"_id": cle},
            {
                "$set": {
                    "issue": geocodage.issue.value,
                    "reponse": asdict(reponse) if reponse else None,
                    "jour": geocodage.le,
                    "prochain": prochain,
                    "essais": 0,
                    "a_reprendre": True,
                },
                "$currentDate": {"le": True},
            },
        )

    async def reporter(self, cle: str, prochain: datetime) -> None:
        """Note a failure."""
        await self._collection.update_one(
            {"_id": cle}, {"$set": {"prochain": prochain}, "$inc": {"essais": 1}}
        )

    async def etat(self) -> str:
        """Return a text that changes whenever an answer was kept."""
        dernier = await self._collection.find_one(
            {"le": {"$exists": True}}, {"le": 1}, sort=[("le", DESCENDING), ("_id", ASCENDING)]
        )
        return f"{dernier['le'].isoformat()} {dernier['_id']}" if dernier else ""

    async def connus(self) -> Mapping[str, Geocodage]:
        """Return the last word on every address, by key."""
        curseur = self._collection.find(
            {"le": {"$exists": True}}, {"issue": 1, "reponse": 1, "jour": 1}
        )
        return {document["_id"]: _geocodage(document) async for document in curseur}

    async def a_reprendre(self, avant: datetime, nombre: int) -> Mapping[str, Sequence[str]]:
        """Return, by key, the formations of answers before a time that they do not rest on yet."""
        curseur = self._collection.find(
            {"a_reprendre": True, "le": {"$lte": avant}}, {"formations": 1}
        ).limit(nombre)
        return {document["_id"]: document["formations"] async for document in curseur}

    async def reprises(self, cles: Sequence[str]) -> None:
        """Note that the formations of these keys rest on their answers."""
        await self._collection.update_many(
            {"_id": {"$in": list(cles)}}, {"$unset": {"a_reprendre": True}}
        )


def _demande(formation: str, adresse: Adresse) -> UpdateOne:
    return UpdateOne(
        {"_id": adresse.cle},
        {
            "$setOnInsert": {"adresse": asdict(adresse), "essais": 0, "prochain": _D_EMBLEE},
            "$addToSet": {"formations": formation},
        },
        upsert=True,
    )


def _geocodage(document: Document) -> Geocodage:
    lue: dict[str, Any] | None = document["reponse"]
    if lue is not None:
        position = lue["position"]
        lue = {**lue, "position": tuple(position) if position else None}
    return Geocodage(Issue(document["issue"]), Reponse(**lue) if lue else None, document["jour"])
