"""The differences of the catalogue between two instants, read formation by formation."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pymongo import ASCENDING
from pymongo.asynchronous.client_session import AsyncClientSession

from services.enrich.adapters.mongo import FORMATIONS, HISTORIQUE
from services.enrich.domain.differences import (
    Bouts,
    Difference,
    Entree,
    avant,
    creation,
    difference,
)
from services.kernel.mongo import Client, Database, Document

_LOT: Final = 500
_BOUTS: Final = ("etat", "num_academie")
_IDENTIFIANTS: Final = dict.fromkeys(
    (
        "creee_le",
        "etat",
        "formation.num_academie",
        "formation.cle_ministere_educatif",
        "formation.intitule_long",
        "formation.intitule_rco",
    ),
    1,
)


@dataclass(frozen=True, slots=True)
class Ligne:
    """A difference, and the formation that it is about under the names that it now has."""

    id: str
    cle_ministere_educatif: str | None
    intitule: str | None
    difference: Difference


class MongoDifferences:
    """Streams differences; all that one answer holds is read from one snapshot."""

    def __init__(self, client: Client, database: Database) -> None:
        """Read `database`."""
        self._client = client
        self._formations = database[FORMATIONS]
        self._historique = database[HISTORIQUE]

    async def entre(self, de: datetime, a: datetime) -> AsyncIterator[Ligne]:
        """Yield what differs: formations that are new first, then the others, by id.

        Held in memory: a batch, and where the formations that moved since `a` were then.
        """
        async with self._client.start_session(snapshot=True) as session:
            depuis = await self._deplacees_depuis(a, session)
            async for ligne in self._creees(de, a, depuis, session):
                yield ligne
            lot: dict[str, list[Entree]] = {}
            async for formation, entrees in self._changees(de, a, session):
                lot[formation] = entrees
                if len(lot) == _LOT:
                    for ligne in await self._lignes(lot, de, depuis, session):
                        yield ligne
                    lot.clear()
            for ligne in await self._lignes(lot, de, depuis, session):
                yield ligne

    async def _deplacees_depuis(
        self, a: datetime, session: AsyncClientSession
    ) -> dict[str, list[Mapping[str, Any]]]:
        """Return the changes of state and académie made since, oldest first, by formation."""
        champs = [f"champs.{nom}" for nom in _BOUTS]
        filtre = {"le": {"$gt": a}, "$or": [{champ: {"$exists": True}} for champ in champs]}
        trouvees: dict[str, list[Mapping[str, Any]]] = {}
        curseur = self._historique.find(
            filtre, dict.fromkeys(("formation", *champs), 1), session=session
        )
        async for entree in curseur.sort("le", ASCENDING):
            trouvees.setdefault(entree["formation"], []).append(entree["champs"])
        return trouvees

    async def _creees(
        self,
        de: datetime,
        a: datetime,
        depuis: Mapping[str, list[Mapping[str, Any]]],
        session: AsyncClientSession,
    ) -> AsyncIterator[Ligne]:
        filtre = {"creee_le": {"$gt": de, "$lte": a}}
        curseur = self._formations.find(filtre, _IDENTIFIANTS, session=session)
        async for document in curseur.sort("_id", ASCENDING):
            fin = avant(_bouts(document), depuis.get(document["_id"], ()))
            if (trouvee := creation(fin, document["creee_le"])) is not None:
                yield _ligne(document, trouvee)

    async def _changees(
        self, de: datetime, a: datetime, session: AsyncClientSession
    ) -> AsyncIterator[tuple[str, list[Entree]]]:
        """Yield each formation with its changes between both, oldest first."""
        curseur = self._historique.find(
            {"le": {"$gt": de, "$lte": a}},
            dict.fromkeys(("formation", "le", "champs"), 1),
            session=session,
        )
        courante: str | None = None
        entrees: list[Entree] = []
        async for document in curseur.sort("_id", ASCENDING).allow_disk_use(allow_disk_use=True):
            if document["formation"] != courante:
                if courante is not None:
                    yield courante, entrees
                courante, entrees = document["formation"], []
            entrees.append(Entree(document["le"], document["champs"]))
        if courante is not None:
            yield courante, entrees

    async def _lignes(
        self,
        lot: Mapping[str, list[Entree]],
        de: datetime,
        depuis: Mapping[str, list[Mapping[str, Any]]],
        session: AsyncClientSession,
    ) -> list[Ligne]:
        filtre = {"_id": {"$in": list(lot)}, "creee_le": {"$lte": de}}
        curseur = self._formations.find(filtre, _IDENTIFIANTS, session=session)
        lignes: list[Ligne] = []
        async for document in curseur.sort("_id", ASCENDING):
            fin = avant(_bouts(document), depuis.get(document["_id"], ()))
            if (trouvee := difference(fin, lot[document["_id"]])) is not None:
                lignes.append(_ligne(document, trouvee))
        return lignes


def _bouts(document: Document) -> Bouts:
    return Bouts(document["etat"], document["formation"]["num_academie"])


def _ligne(document: Document, trouvee: Difference) -> Ligne:
    formation = document["formation"]
    intitule = formation["intitule_long"] or formation["intitule_rco"]
    return Ligne(document["_id"], formation["cle_ministere_educatif"], intitule, trouvee)
