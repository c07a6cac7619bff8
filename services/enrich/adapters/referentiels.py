"""What is read of the versions of the reference tables: their rows, what differs, what is told."""

import asyncio
from collections.abc import Mapping
from typing import Final

from pymongo import DESCENDING

from services.enrich.adapters.activations import Activation
from services.enrich.adapters.documents_versions import en_refus, en_version
from services.enrich.adapters.versions import GARDEES, MongoVersions
from services.enrich.domain.admission import Refus
from services.enrich.domain.comparaison import Differences, differences_de
from services.enrich.domain.references.construction import a_lire, renouveler
from services.enrich.domain.references.tables import References
from services.enrich.domain.versions import TableEditee, Version
from services.enrich.ports_versions import VersionInconnue
from services.kernel.mongo import Client, Database

_MONTREES: Final = 50


class MongoReferences(MongoVersions):
    """`ports.ReferencesStore`, and what the routes and the command tell."""

    def __init__(self, client: Client, database: Database, gardees: int = GARDEES) -> None:
        """Keep versions in `database`, the rows of the last `gardees` of them."""
        super().__init__(client, database, gardees)
        self._tables: dict[str, Mapping[str, TableEditee]] = {}
        self._lues: tuple[Mapping[str, str], References] = ({}, References())

    async def version_active(self) -> str | None:
        """Return the id of the active version; None when there is none that this code can read."""
        version = await self.active()
        return version.id if version else None

    async def active(self) -> Version | None:
        """Return the active version; None when there is none that this code can read."""
        depart = await self.depart(None)
        return depart.version if depart.version and depart.version.utilisable else None

    async def lister(self) -> list[Version]:
        """Return every version, the newest first."""
        active = await self._journal.derniere()
        curseur = self._versions.find().sort("_id", DESCENDING)
        return [en_version(document, active) async for document in curseur]

    async def refusees(self) -> list[Refus]:
        """Return the last loads that were refused, the newest first."""
        curseur = self._refus.find().sort("_id", DESCENDING).limit(_MONTREES)
        return [en_refus(document) async for document in curseur]

    async def activations(self) -> list[Activation]:
        """Return the last activations, the newest first."""
        return await self._journal.lister(_MONTREES)

    async def charger(self, version: str) -> References:
        """Return the tables of a version. Raises `VersionInconnue`.

        Those whose edition is that of the version loaded last are read from nowhere: see
        `renouveler`.
        """
        editions = {table.nom: table.edition for table in (await self._utilisable(version)).tables}
        connues, avant = self._lues
        changees = {nom for nom, _ in editions.items() ^ connues.items()}
        noms = {editions[nom]: nom for nom in a_lire(changees) if nom in editions}
        lignes = await self._lignes.lire(noms)
        tables = {noms[edition]: lues for edition, lues in lignes.items()}
        references = await asyncio.to_thread(renouveler, avant, version, tables, changees)
        self._lues = editions, references
        return references

    async def editions_de(self, version: str) -> Mapping[str, TableEditee]:
        """Return the tables of a version by name, whether or not its rows are still there.

        Remembered, so that it costs nothing per formation. Raises `VersionInconnue`.
        """
        connues = self._tables.get(version)
        if connues is None:
            tables = (await self.trouver(version)).tables
            connues = self._tables[version] = {table.nom: table for table in tables}
        return connues

    async def differences(self, de: str, vers: str, jour: str = "") -> dict[str, Differences]:
        """Return what differs between two versions, by name of table; equal tables are left out.

        With `jour`, a closing day that was still to come before and is past now counts as closed.
        Raises `VersionInconnue`.
        """
        avant, apres = await self._utilisable(de), await self._utilisable(vers)
        couples = _editions_qui_different(avant, apres)
        lignes = await self._lignes.lire({e for couple in couples.values() for e in couple if e})
        return {
            nom: await asyncio.to_thread(
                differences_de,
                nom,
                lignes.get(ancienne or "", []),
                lignes.get(nouvelle or "", []),
                jour,
            )
            for nom, (ancienne, nouvelle) in couples.items()
        }

    async def _utilisable(self, identifiant: str) -> Version:
        version = await self.trouver(identifiant)
        if not version.utilisable:
            raise VersionInconnue(identifiant)
        return version


def _editions_qui_different(
    avant: Version, apres: Version
) -> dict[str, tuple[str | None, str | None]]:
    anciennes = {table.nom: table.edition for table in avant.tables}
    nouvelles = {table.nom: table.edition for table in apres.tables}
    couples = {
        nom: (anciennes.get(nom), nouvelles.get(nom)) for nom in sorted(anciennes | nouvelles)
    }
    return {nom: couple for nom, couple in couples.items() if couple[0] != couple[1]}
