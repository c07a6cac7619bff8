"""Versions of the reference tables in MongoDB (database `catalogue`): made, activated, refused.

    referentiel_versions    {_id, empreinte, format, de, chargee_le, par, disponible, activee_le,
                             forcage, tables: [{edition, bilan, source_le, chargee_le}],
                             comparaisons: [figures by table]}
    referentiel_refus       {_id, le, par, source, motifs}

Rows lie in `lignes_versions`, the journal of activations in `activations`. A load is one
transaction: rows, version and activation are there together or not at all. The rows of old
versions go; their documents stay, since formations and histories name them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from pymongo import DESCENDING
from pymongo.asynchronous.client_session import AsyncClientSession

from services.enrich.adapters.activations import Activation, Journal
from services.enrich.adapters.documents_versions import (
    en_document,
    en_version,
    refus_en_document,
    table_en_document,
)
from services.enrich.adapters.lignes_versions import LignesDesEditions
from services.enrich.domain.admission import Refus
from services.enrich.domain.chargement.modele import Ligne, TableLue
from services.enrich.domain.versions import FORMAT, Version
from services.enrich.ports_versions import (
    DERNIERE,
    Depart,
    DepartDepasse,
    RienAvant,
    VersionInconnue,
)
from services.kernel.mongo import Client, Database, in_transaction

VERSIONS: Final = "referentiel_versions"
REFUS: Final = "referentiel_refus"
GARDEES: Final = 20


class MongoVersions:
    """`ports_versions.Versions`."""

    def __init__(self, client: Client, database: Database, gardees: int = GARDEES) -> None:
        """Keep versions in `database`, the rows of the last `gardees` of them."""
        self._client = client
        self._versions = database[VERSIONS]
        self._refus = database[REFUS]
        self._lignes = LignesDesEditions(database)
        self._journal = Journal(database)
        self._gardees = gardees

    async def prepare(self) -> None:
        """Create the index; idempotent."""
        await self._lignes.prepare()

    async def trouver(self, identifiant: str) -> Version:
        """Return a version. Raises `VersionInconnue`."""
        document = await self._versions.find_one({"_id": identifiant})
        if document is None:
            raise VersionInconnue(identifiant)
        return en_version(document, await self._journal.derniere())

    async def depart(self, demandee: str | None) -> Depart:
        """Return the version to start from; see the port."""
        active = await self._journal.derniere()
        if demandee == DERNIERE:
            derniere = await self._versions.find_one({}, {"_id": 1}, sort=[("_id", DESCENDING)])
            demandee = derniere["_id"] if derniere else None
        identifiant = demandee or (active.version if active else None)
        version = await self.trouver(identifiant) if identifiant else None
        if demandee and version and not version.utilisable:
            raise VersionInconnue(demandee)
        return Depart(version, active.numero if active else 0)

    async def lignes(self, editions: Sequence[str]) -> dict[str, list[Ligne]]:
        """Return the rows of editions, by edition."""
        return await self._lignes.lire(editions)

    async def semblable(self, version: Version) -> Version | None:
        """Return a usable version with the same content, made from the same one."""
        meme = {
            "empreinte": version.empreinte,
            "de": version.de,
            "format": FORMAT,
            "disponible": True,
        }
        document = await self._versions.find_one(meme, {"_id": 1}, sort=[("_id", DESCENDING)])
        return await self.trouver(document["_id"]) if document else None

    async def enregistrer(
        self, version: Version, lues: Sequence[TableLue], apres: int | None = None
    ) -> None:
        """Store a version and its new rows, and activate it after that many activations."""
        nommees = {table.nom: table.edition for table in version.tables}
        nouvelles = {nommees[lue.bilan.table]: lue.lignes for lue in lues}

        async def travail(session: AsyncClientSession) -> None:
            await self._ecrire_les_lignes(set(nommees.values()), nouvelles, session)
            await self._versions.insert_one(en_document(version), session=session)
            if apres is not None:
                active = await self._journal.derniere(session)
                if (active.numero if active else 0) != apres:
                    raise DepartDepasse(version.id)
                await self._activer(active, version.id, version.chargee_le, version.par, session)
            await self._balayer(session)

        await in_transaction(self._client, travail)

    async def confirmer(self, version: Version) -> None:
        """Note which files vouch for the tables of a stored version by now."""
        tables = [table_en_document(table) for table in version.tables]
        meme = {"_id": version.id, "empreinte": version.empreinte}
        await self._versions.update_one(meme, {"$set": {"tables": tables}})

    async def activer(self, version: str, maintenant: datetime, par: str = "") -> None:
        """Make a version the active one, in one step; idempotent. Raises `VersionInconnue`."""

        async def travail(session: AsyncClientSession) -> None:
            active = await self._journal.derniere(session)
            if active is None or active.version != version:
                await self._activer(active, version, maintenant, par, session)

        await in_transaction(self._client, travail)

    async def revenir(self, maintenant: datetime, par: str = "") -> str:
        """Activate again the version that was active before the present one; return its id.

        Going back twice goes two versions back. Raises `RienAvant`, or `VersionInconnue` when
        its rows are gone.
        """

        async def travail(session: AsyncClientSession) -> str:
            active = await self._journal.derniere(session)
            avant = active and await self._journal.avant(active, session)
            if not active or not avant:
                raise RienAvant
            await self._retenir(avant.version, maintenant, session)
            retour = replace(avant, numero=active.numero + 1, le=maintenant, par=par, retour=True)
            await self._journal.ajouter(retour, session)
            return avant.version

        return await in_transaction(self._client, travail)

    async def refuser(self, refus: Refus) -> None:
        """Note a load that was refused."""
        await self._refus.insert_one(refus_en_document(refus))

    async def _ecrire_les_lignes(
        self,
        editions: set[str],
        nouvelles: Mapping[str, Sequence[Ligne]],
        session: AsyncClientSession,
    ) -> None:
        for edition in editions - await self._lignes.retenir(editions, session):
            if edition not in nouvelles:  # swept since the version to start from was read
                raise DepartDepasse(edition)
            await self._lignes.ecrire(edition, nouvelles[edition], session)

    async def _activer(
        self,
        active: Activation | None,
        version: str,
        maintenant: datetime,
        par: str,
        session: AsyncClientSession,
    ) -> None:
        await self._retenir(version, maintenant, session)
        numero, avant = (active.numero + 1, active.numero) if active else (1, None)
        entree = Activation(numero, version, maintenant, par, avant, retour=False)
        await self._journal.ajouter(entree, session)

    async def _retenir(
        self, version: str, maintenant: datetime, session: AsyncClientSession
    ) -> None:
        """Write on the version, so that a sweep at the same time conflicts."""
        usable = {"_id": version, "disponible": True}
        activee = {"$set": {"activee_le": maintenant}}
        if not (await self._versions.update_one(usable, activee, session=session)).matched_count:
            raise VersionInconnue(version)

    async def _balayer(self, session: AsyncClientSession) -> None:
        """Let go of the rows of all but the last versions, the active one and the one before."""
        active = await self._journal.derniere(session)
        avant = active and await self._journal.avant(active, session)
        gardees = {entree.version for entree in (active, avant) if entree}
        disponibles = self._versions.find(
            {"disponible": True}, {"tables.edition": 1}, session=session
        ).sort("_id", DESCENDING)
        editions: set[str] = set()
        passees: list[str] = []
        rang = 0
        async for document in disponibles:
            if rang < self._gardees or document["_id"] in gardees:
                editions.update(table["edition"] for table in document["tables"])
            else:
                passees.append(document["_id"])
            rang += 1
        await self._versions.update_many(
            {"_id": {"$in": passees}}, {"$set": {"disponible": False}}, session=session
        )
        await self._lignes.balayer(editions, session)
