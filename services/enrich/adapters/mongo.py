"""Formations and their history in MongoDB (database `catalogue`).

formations   {_id, sequence, empreinte, etat, motif_retrait, remplacee_par, predecesseurs,
              creee_le, creation: {cause, auteur, origine}, modifiee_le, retiree_le, origine,
              heritage?: {de}, transmise_le?,
              deposant, references, cles,
              offre_sequence, offre_empreinte, operation, recue_le, anciennes_cles,
              collecte: JSON of the offer and findings as collected, editions?,
              formation, constats}
historique   {_id: `<formation>.<sequence>`, formation, sequence, le, auteur, cause, origine,
              detail?, champs: {field: [from, to]}}
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar

import orjson
from bson import Binary
from pymongo import ASCENDING, ReplaceOne, UpdateOne
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import BulkWriteError, OperationFailure

from services.enrich.adapters.heritages import HERITAGE, noter_les_successions
from services.enrich.adapters.recalculs import noter_l_avancee
from services.enrich.adapters.verrous import Verrou, Verrous
from services.enrich.domain.application import Changement, Plan, Reprise, Tete
from services.enrich.domain.dependances import cles
from services.enrich.domain.evenement import Evenement
from services.enrich.domain.historique import Ecarts
from services.enrich.domain.recalcul import Avancee, Socle
from services.enrich.ports import Tenue, Transaction
from services.kernel.errors import RaceLost
from services.kernel.events import Event
from services.kernel.mongo import Client, Database, Document, in_transaction
from services.kernel.outbox import Outbox

T = TypeVar("T")

FORMATIONS: Final = "formations"
HISTORIQUE: Final = "historique"
ETAT: Final = (
    "etat",
    "motif_retrait",
    "remplacee_par",
    "predecesseurs",
    "formation",
    "constats",
)
"""The fields of a document that are its state, and whose digest is `empreinte`."""

_TETE: Final = (
    "offre_sequence",
    "offre_empreinte",
    "sequence",
    "empreinte",
    "creee_le",
    "retiree_le",
)
_EDITIONS: Final = "editions"
_CREATION: Final = "creation"
_LUS_DE_LA_TETE: Final = dict.fromkeys((*_TETE, _EDITIONS, _CREATION, HERITAGE), 1)
_CHIFFRES: Final = 10
_EXISTE_DEJA: Final = 48
_CLE_EN_DOUBLE: Final = 11_000


class MongoFormations:
    """`ports.Formations` over one database and its outbox."""

    def __init__(self, client: Client, database: Database, outbox: Outbox) -> None:
        """Write in `database`; `outbox` must be that database's."""
        self._client = client
        self._database = database
        self._outbox = outbox
        self._verrous = Verrous(client, database)

    async def prepare(self) -> None:
        """Create the collections; idempotent. Made inside a transaction they would conflict."""
        for nom in (FORMATIONS, HISTORIQUE):
            try:
                await self._database.create_collection(nom, check_exists=False)
            except OperationFailure as erreur:
                if erreur.code != _EXISTE_DEJA:
                    raise
        await self._database[FORMATIONS].create_index([("cles", ASCENDING)])
        await self._database[HISTORIQUE].create_index([("le", ASCENDING)])
        await self._verrous.prepare()

    async def transaction(self, travail: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run `travail` in a transaction; see the port."""
        async with self._verrous.un() as verrou:

            async def dans(session: AsyncClientSession) -> T:
                await verrou.inscrire()
                return await travail(
                    _MongoTransaction(self._database, self._outbox, session, verrou)
                )

            return await in_transaction(self._client, dans)


class _MongoTransaction:
    def __init__(
        self, database: Database, outbox: Outbox, session: AsyncClientSession, verrou: Verrou
    ) -> None:
        self._database = database
        self._verrou = verrou
        self._formations = database[FORMATIONS]
        self._historique = database[HISTORIQUE]
        self._outbox = outbox
        self._session = session

    async def tetes(self, ids: Iterable[str]) -> dict[str, Tete]:
        if not (liste := list(ids)):
            return {}
        curseur = self._formations.find(
            {"_id": {"$in": liste}}, _LUS_DE_LA_TETE, session=self._session
        )
        return {document["_id"]: _tete(document) async for document in curseur}

    async def etats(self, ids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        if not ids:
            return {}
        curseur = self._formations.find(
            {"_id": {"$in": list(ids)}}, dict.fromkeys(ETAT, 1), session=self._session
        )
        return {document.pop("_id"): document async for document in curseur}

    async def reprises(self, ids: Sequence[str]) -> list[Reprise]:
        curseur = self._formations.find(
            {"_id": {"$in": list(ids)}}, {"formation": 0, "constats": 0}, session=self._session
        )
        return [_reprise(document) async for document in curseur]

    async def relire(self, ids: Sequence[str], maintenant: datetime) -> list[Tenue]:
        filtre = {"_id": {"$in": list(ids)}}
        await self._formations.update_many(
            filtre, {"$set": {"reemise_le": maintenant}}, session=self._session
        )
        champs = dict.fromkeys((*_TETE, *ETAT, "modifiee_le", "origine"), 1)
        curseur = self._formations.find(filtre, champs, session=self._session)
        return [_tenue(document) async for document in curseur]

    async def tenir(self, socle: Socle) -> None:
        await self._verrou.tenir(socle, self._session)

    async def avancer(self, avancee: Avancee, maintenant: datetime) -> None:
        await noter_l_avancee(self._database, avancee, maintenant, self._session)

    async def regler(self, successions: Mapping[str, str], maintenant: datetime) -> None:
        await noter_les_successions(self._formations, successions, maintenant, self._session)

    async def ecrire(self, plan: Plan, references: str, maintenant: datetime) -> None:
        documents = [
            (changement.nouvelle, _document(changement, references, maintenant))
            for changement in plan.a_ecrire()
        ]
        await self._inserer([document for nouvelle, document in documents if nouvelle])
        operations: list[ReplaceOne[Document] | UpdateOne] = [
            ReplaceOne({"_id": document["_id"]}, document)
            for nouvelle, document in documents
            if not nouvelle
        ]
        operations += [
            UpdateOne({"_id": calcul.evenement.id}, {"$set": _suite(calcul.evenement, tete)})
            for calcul, tete in plan.a_marquer()
        ]
        if operations:
            await self._formations.bulk_write(operations, ordered=True, session=self._session)

    async def historiser(
        self, entrees: Sequence[tuple[Changement, Ecarts]], maintenant: datetime
    ) -> None:
        if entrees:
            await self._historique.insert_many(
                [_entree(changement, champs, maintenant) for changement, champs in entrees],
                session=self._session,
            )

    async def publier(self, evenements: Sequence[Event]) -> None:
        await self._outbox.add(self._session, evenements)

    async def _inserer(self, documents: list[Document]) -> None:
        if not documents:
            return
        try:
            await self._formations.insert_many(documents, session=self._session)
        except BulkWriteError as erreur:
            codes = {faute["code"] for faute in erreur.details["writeErrors"]}
            if codes == {_CLE_EN_DOUBLE}:
                raise RaceLost from erreur
            raise


def _tete(document: Document) -> Tete:
    tete = Tete(*(document[champ] for champ in _TETE))
    tete.editions = document.get(_EDITIONS)
    tete.creation = document.get(_CREATION)
    tete.heritage = document.get(HERITAGE)
    return tete


def _reprise(document: Document) -> Reprise:
    collecte, origine = orjson.loads(document["collecte"]), document["origine"] or {}
    evenement = Evenement(
        document["_id"],
        document["offre_sequence"],
        document["operation"],
        origine.get("depot"),
        origine.get("ligne"),
        essai=False,
        deposant=document["deposant"],
        recue_le=document["recue_le"],
        empreinte=document["offre_empreinte"],
        motif=document["motif_retrait"],
        remplacee_par=document["remplacee_par"],
        predecesseurs=document["predecesseurs"],
        anciennes_cles=document["anciennes_cles"],
        offre=collecte["offre"],
        constats=collecte["constats"],
    )
    return Reprise(evenement, _tete(document))


def _tenue(document: Document) -> Tenue:
    return Tenue(
        document["_id"],
        _tete(document),
        document["modifiee_le"],
        document["origine"],
        {champ: document[champ] for champ in ETAT},
    )


def _document(changement: Changement, references: str, maintenant: datetime) -> Document:
    evenement, tete = changement.calcul.evenement, changement.tete
    return {
        "_id": evenement.id,
        "sequence": tete.sequence,
        "empreinte": tete.empreinte,
        "creee_le": tete.creee_le,
        _CREATION: tete.creation,
        "modifiee_le": maintenant,
        "retiree_le": tete.retiree_le,
        "origine": evenement.origine,
        "references": references,
        **_suite(evenement, tete),
        **changement.calcul.etat,
    }


def _suite(evenement: Evenement, tete: Tete) -> Document:
    """Return what an event leaves even when the state stays the same.

    The offer is kept as collected, so that it can be enriched again when the tables move.
    """
    collecte = {"offre": evenement.offre, "constats": evenement.constats}
    suite = {
        "deposant": evenement.deposant,
        "offre_sequence": tete.offre_sequence,
        "offre_empreinte": tete.offre_empreinte,
        "operation": evenement.operation,
        "recue_le": evenement.recue_le,
        "collecte": Binary(orjson.dumps(collecte)),
        "anciennes_cles": evenement.anciennes_cles,
        "cles": cles(evenement.offre, tete.editions, evenement.constats),
    }
    if tete.heritage is not None:
        suite[HERITAGE] = tete.heritage
    return suite if tete.editions is None else {**suite, _EDITIONS: tete.editions}


def _entree(changement: Changement, champs: Ecarts, maintenant: datetime) -> Document:
    formation, cause = changement.calcul.evenement.id, changement.cause
    entree = {
        "_id": identifiant_d_entree(formation, changement.tete.sequence),
        "formation": formation,
        "sequence": changement.tete.sequence,
        "le": maintenant,
        "auteur": cause.auteur,
        "cause": cause.nature,
        "origine": cause.origine,
        "champs": champs,
    }
    return entree if cause.detail is None else {**entree, "detail": cause.detail}


def identifiant_d_entree(formation: str, sequence: int) -> str:
    """Return the id of an entry of history: entries of a formation lie together, in order."""
    return f"{formation}.{sequence:0{_CHIFFRES}d}"
