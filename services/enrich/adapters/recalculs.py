"""Passes over the catalogue in MongoDB (database `catalogue`).

recalculs    {_id, nature, demandee_par, demandee_le, tout, cles, debuts, total, version, jour,
              regles, de, etat, curseur, lues, changees, commencee_le, terminee_le}
             {_id: "etabli", activation, version, jour, regles}
"""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

from pymongo import ASCENDING, DESCENDING
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import DuplicateKeyError

from services.enrich.adapters.activations import ACTIVATIONS
from services.enrich.adapters.verrous import Verrous
from services.enrich.domain.causes import Nature
from services.enrich.domain.recalcul import Avancee, Barriere, Etabli, Etat, Recalcul, Socle
from services.enrich.domain.recalcul_cles import Touchees
from services.kernel.errors import RaceLost
from services.kernel.events import Event
from services.kernel.mongo import Client, Database, Document, in_transaction
from services.kernel.outbox import Outbox

RECALCULS: Final = "recalculs"
ETABLI: Final = "etabli"
_FORMATIONS: Final = "formations"
_UN_RECALCUL: Final = {"etat": {"$exists": True}}
_A_FAIRE: Final = {"etat": {"$in": [Etat.EN_ATTENTE.value, Etat.EN_COURS.value]}}


class MongoRecalculs:
    """`ports_recalcul.Recalculs`, and what is told of the passes."""

    def __init__(self, client: Client, database: Database, outbox: Outbox) -> None:
        """Keep passes in `database`, whose outbox is `outbox`."""
        self._client = client
        self._recalculs = database[RECALCULS]
        self._formations = database[_FORMATIONS]
        self._activations = database[ACTIVATIONS]
        self._verrous = Verrous(client, database)
        self._outbox = outbox

    async def prepare(self) -> None:
        """Create the index; idempotent."""
        await self._recalculs.create_index([("etat", ASCENDING)])

    async def etabli(self) -> Etabli | None:
        """Return what the formations rest on."""
        document = await self._recalculs.find_one({"_id": ETABLI})
        return _etabli(document) if document else None

    async def activations(self, apres: int) -> list[tuple[int, str]]:
        """Return the activations after a number."""
        curseur = self._activations.find({"_id": {"$gt": apres}}, {"version": 1}).sort("_id")
        return [(document["_id"], document["version"]) async for document in curseur]

    async def barrer(self, barriere: Barriere) -> None:
        """Raise the barrier; see the port."""
        await self._verrous.barrer(barriere)

    async def compter(self, touchees: Touchees) -> int:
        """Return how many formations are touched."""
        if touchees.tout:
            return await self._formations.estimated_document_count()
        return await self._formations.count_documents(filtre_des_touchees(touchees))

    async def etablir(
        self,
        avant: Etabli | None,
        apres: Etabli,
        recalculs: Sequence[Recalcul],
        annonces: Sequence[Event],
    ) -> bool:
        """Ask for passes and announce them; see the port."""

        async def travail(session: AsyncClientSession) -> bool:
            if not await self._noter(avant, apres, session):
                return False
            if recalculs:
                documents = [_document(recalcul) for recalcul in recalculs]
                await self._recalculs.insert_many(documents, session=session)
            await self._outbox.add(session, annonces)
            return True

        return await in_transaction(self._client, travail)

    async def _noter(
        self, avant: Etabli | None, apres: Etabli, session: AsyncClientSession
    ) -> bool:
        suivant = {"_id": ETABLI, **_champs(apres)}
        if avant is None:
            try:
                await self._recalculs.insert_one(suivant, session=session)
            except DuplicateKeyError as erreur:
                raise RaceLost from erreur
            return True
        ecrit = await self._recalculs.replace_one(
            {"_id": ETABLI, **_champs(avant)}, suivant, session=session
        )
        return ecrit.matched_count == 1

    async def demander(self, recalcul: Recalcul) -> None:
        """Ask for a pass."""
        await self._recalculs.insert_one(_document(recalcul))

    async def prochain(self) -> Recalcul | None:
        """Return the oldest pass that is not done."""
        document = await self._recalculs.find_one(_A_FAIRE, sort=[("_id", ASCENDING)])
        return _recalcul(document) if document else None

    async def ids(self, recalcul: Recalcul, nombre: int) -> list[str]:
        """Return the next formations of a pass."""
        filtre = {"_id": {"$gt": recalcul.curseur}, **filtre_des_touchees(recalcul.touchees)}
        curseur = self._formations.find(filtre, {"_id": 1}).sort("_id").limit(nombre)
        return [document["_id"] async for document in curseur]

    async def terminer(self, recalcul: Recalcul) -> None:
        """Note that a pass is done."""
        await self._recalculs.update_one(
            {"_id": recalcul.id, "curseur": recalcul.curseur, **_A_FAIRE},
            {"$set": {"etat": Etat.TERMINE.value, "terminee_le": datetime.now(UTC)}},
        )

    async def lister(self, nombre: int) -> list[Recalcul]:
        """Return the last passes, the newest first."""
        curseur = self._recalculs.find(_UN_RECALCUL).sort("_id", DESCENDING).limit(nombre)
        return [_recalcul(document) async for document in curseur]

    async def trouver(self, identifiant: str) -> Recalcul | None:
        """Return a pass."""
        document = await self._recalculs.find_one({"_id": identifiant, **_UN_RECALCUL})
        return _recalcul(document) if document else None

    async def restantes(self) -> int:
        """Return how many formations rest on older tables, day or rules; 0 at rest.

        All of them as long as a new version was not yet taken into account.
        """
        etabli = await self.etabli()
        if etabli is None or await self.activations(etabli.activation):
            return await self._formations.estimated_document_count()
        a_faire = [_recalcul(document) async for document in self._recalculs.find(_A_FAIRE)]
        return sum(un.restantes for un in a_faire if un.nature is not Nature.DEMANDE)


async def noter_l_avancee(
    database: Database, avancee: Avancee, maintenant: datetime, session: AsyncClientSession
) -> None:
    """Note a step of a pass in the transaction of what it writes; see `ports.Transaction`."""
    ecrit = await database[RECALCULS].update_one(
        {"_id": avancee.recalcul, "curseur": avancee.de, **_A_FAIRE},
        {
            "$set": {"curseur": avancee.vers, "etat": Etat.EN_COURS.value},
            "$min": {"commencee_le": maintenant},
            "$inc": {"lues": avancee.lues, "changees": avancee.changees},
        },
        session=session,
    )
    if not ecrit.matched_count:
        raise RaceLost("un autre processus a mené cette reprise plus loin")


def filtre_des_touchees(touchees: Touchees) -> dict[str, Any]:
    """Return the filter of the formations touched: those without keys may all be."""
    if touchees.tout:
        return {}
    debuts = [re.compile(f"^{re.escape(debut)}") for debut in sorted(touchees.debuts)]
    return {"cles": {"$in": [None, *sorted(touchees.cles), *debuts]}}


def _champs(etabli: Etabli) -> Document:
    return {"activation": etabli.activation, **_socle(etabli.socle)}


def _socle(socle: Socle) -> Document:
    return {"version": socle.version, "jour": socle.jour.isoformat(), "regles": socle.regles}


def _etabli(document: Document) -> Etabli:
    return Etabli(document["activation"], _lire_socle(document))


def _lire_socle(document: Document) -> Socle:
    return Socle(document["version"], date.fromisoformat(document["jour"]), document["regles"])


def _document(recalcul: Recalcul) -> Document:
    touchees = recalcul.touchees
    return {
        "_id": recalcul.id,
        "nature": recalcul.nature.value,
        "demandee_par": recalcul.demandee_par,
        "demandee_le": recalcul.demandee_le,
        "tout": touchees.tout,
        "cles": sorted(touchees.cles),
        "debuts": sorted(touchees.debuts),
        "total": recalcul.total,
        **_socle(recalcul.socle),
        "de": recalcul.de,
        "etat": recalcul.etat.value,
        "curseur": recalcul.curseur,
        "lues": recalcul.lues,
        "changees": recalcul.changees,
        "terminee_le": None,
    }


def _recalcul(document: Document) -> Recalcul:
    return Recalcul(
        document["_id"],
        Nature(document["nature"]),
        document["demandee_par"],
        document["demandee_le"],
        Touchees(document["tout"], frozenset(document["cles"]), frozenset(document["debuts"])),
        document["total"],
        _lire_socle(document),
        document["de"],
        Etat(document["etat"]),
        document["curseur"],
        document["lues"],
        document["changees"],
        document.get("commencee_le"),
        document["terminee_le"],
    )
