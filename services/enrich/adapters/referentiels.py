"""Versions of the reference tables in MongoDB (database `catalogue`).

    referentiels          {_id, format, empreinte, chargee_le, active, activee_le, tables: [report]}
    referentiel_lignes    {_id: `<version>/<table>/<n>`, version, table, rang, bloc: zstd of JSON}

A version is written whole before its document, which alone makes it visible; a load that was
interrupted leaves blocks that nothing names, swept by the next one.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import cramjam
import orjson
from bson import Binary
from pymongo import ASCENDING, DESCENDING
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import DuplicateKeyError

from services.enrich.domain.chargement.modele import Bilan, Ligne, TableLue
from services.enrich.domain.references.construction import construire
from services.enrich.domain.references.tables import References
from services.enrich.domain.versions import FORMAT, Version, empreinte_des_tables
from services.kernel.errors import RaceLost
from services.kernel.mongo import Client, Database, Document, in_transaction

VERSIONS: Final = "referentiels"
LIGNES: Final = "referentiel_lignes"
_LIGNES_PAR_BLOC: Final = 20_000


class VersionInconnue(LookupError):
    """No version has this id."""


class MongoReferences:
    """`ports.ReferencesStore`, and what the loading command needs."""

    def __init__(self, client: Client, database: Database) -> None:
        """Keep versions in `database`."""
        self._client = client
        self._versions = database[VERSIONS]
        self._lignes = database[LIGNES]

    async def prepare(self) -> None:
        """Create the collections and indexes; idempotent. At most one version is active."""
        await self._versions.create_index(
            [("active", ASCENDING)],
            unique=True,
            partialFilterExpression={"active": True},
            name="une_seule_active",
        )
        await self._lignes.create_index([("version", ASCENDING), ("rang", ASCENDING)])

    async def version_active(self) -> str | None:
        """Return the id of the active version; None when there is none that this code can read."""
        lisible = {"active": True, "format": FORMAT}
        document = await self._versions.find_one(lisible, {"_id": 1})
        return document["_id"] if document else None

    async def lister(self) -> list[Version]:
        """Return every version, the newest first."""
        return [
            _version(document) async for document in self._versions.find().sort("_id", DESCENDING)
        ]

    async def charger(self, version: str) -> References:
        """Return the tables of a version."""
        tables: dict[str, list[Ligne]] = {}
        blocs = self._lignes.find({"version": version}).sort("rang", ASCENDING)
        async for document in blocs:
            texte = bytes(cramjam.zstd.decompress(document["bloc"]))
            tables.setdefault(document["table"], []).extend(orjson.loads(texte))
        return construire(version, tables)

    async def enregistrer(
        self, identifiant: str, tables: Sequence[TableLue], maintenant: datetime
    ) -> Version:
        """Store a version, inactive, and return it; the one already stored when nothing differs."""
        textes = [(table.bilan.table, orjson.dumps(table.lignes)) for table in tables]
        empreinte = empreinte_des_tables(textes)
        connue = await self._versions.find_one({"empreinte": empreinte})
        if connue is not None:
            return _version(connue)
        await self._balayer()
        await self._lignes.insert_many(_blocs(identifiant, tables))
        version = Version(
            identifiant,
            empreinte,
            maintenant,
            active=False,
            activee_le=None,
            tables=tuple(table.bilan for table in tables),
        )
        await self._versions.insert_one({"_id": version.id, **_stockable(version)})
        return version

    async def activer(self, version: str, maintenant: datetime) -> None:
        """Make a version the active one, in one step; idempotent.

        Raises `VersionInconnue`.
        """

        async def travail(session: AsyncClientSession) -> None:
            trouvee = await self._versions.find_one(
                {"_id": version}, {"active": 1}, session=session
            )
            if trouvee is None:
                raise VersionInconnue(version)
            if trouvee["active"]:
                return
            await self._versions.update_many(
                {"active": True}, {"$set": {"active": False}}, session=session
            )
            try:
                await self._versions.update_one(
                    {"_id": version},
                    {"$set": {"active": True, "activee_le": maintenant}},
                    session=session,
                )
            except DuplicateKeyError as erreur:
                raise RaceLost from erreur

        await in_transaction(self._client, travail)

    async def _balayer(self) -> None:
        connues = await self._versions.distinct("_id")
        await self._lignes.delete_many({"version": {"$nin": connues}})


def _blocs(version: str, tables: Sequence[TableLue]) -> list[Document]:
    return [
        {
            "_id": f"{version}/{table.bilan.table}/{rang}",
            "version": version,
            "table": table.bilan.table,
            "rang": rang,
            "bloc": Binary(bytes(cramjam.zstd.compress(orjson.dumps(part), 3))),
        }
        for table in tables
        for rang, part in enumerate(_parts(table.lignes))
    ]


def _parts(lignes: Sequence[Ligne]) -> list[Sequence[Ligne]]:
    return [
        lignes[debut : debut + _LIGNES_PAR_BLOC]
        for debut in range(0, len(lignes), _LIGNES_PAR_BLOC)
    ]


def _stockable(version: Version) -> dict[str, Any]:
    """Return a version's document; reasons become values, as names of fields they may clash."""
    document = version.document() | {"format": FORMAT}
    for bilan in document["tables"]:
        bilan["refusees"] = [
            {"raison": raison, "nombre": nombre, "lignes": bilan["exemples"][raison]}
            for raison, nombre in bilan["refusees"].items()
        ]
        del bilan["exemples"]
    return document


def _version(document: Document) -> Version:
    return Version(
        document["_id"],
        document["empreinte"],
        document["chargee_le"],
        document["active"],
        document["activee_le"],
        tuple(_bilan(bilan) for bilan in document["tables"]),
    )


def _bilan(document: Document) -> Bilan:
    return Bilan(
        document["table"],
        document["libelle"],
        document["fichier"],
        document["lues"],
        document["gardees"],
        {refus["raison"]: refus["nombre"] for refus in document["refusees"]},
        {refus["raison"]: refus["lignes"] for refus in document["refusees"]},
    )
