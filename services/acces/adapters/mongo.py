"""Accounts and one-time tokens in the database `acces`, where keys and sessions are too."""

import hmac
import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from typing import Final, TypeVar

from pymongo import ASCENDING, IndexModel
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import DuplicateKeyError

from contracts.portees import Role
from services.acces.domain.comptes import Compte, Etape, Profil
from services.acces.ports import Transaction
from services.kernel.access import Access
from services.kernel.auth import Identity
from services.kernel.indexes import create_indexes
from services.kernel.mongo import Database, Document, in_transaction
from services.kernel.problem import Conflict
from services.kernel.sessions import SessionStore
from services.kernel.settings import KernelSettings

T = TypeVar("T")
_USAGE: Final = b"jeton\0"
_JETON_OCTETS: Final = 32
_GARDE: Final = "administrateurs"
_INDEX: Final = {
    "comptes": [IndexModel([("noms", ASCENDING)], unique=True)],
    "jetons": [
        IndexModel([("expire_le", ASCENDING)], expireAfterSeconds=0),
        IndexModel([("compte", ASCENDING)]),
    ],
    "historique": [IndexModel([("compte", ASCENDING), ("version", ASCENDING)])],
}


class ComptesMongo:
    """The collections `comptes`, `historique`, `jetons`, and `gardes`.

    A document of `gardes` is written by transactions of which only one may commit.
    """

    def __init__(self, access: Access, settings: KernelSettings) -> None:
        """Use the database where keys and sessions are, on their client."""
        self._client = access.client
        self._db = access.db
        self._sessions = access.sessions
        self._poivre = settings.poivre.get_secret_value().encode()

    async def creer_index(self) -> None:
        """Have each name belong to one account, and old tokens removed."""
        await create_indexes(self._db, _INDEX)
        await self._db["gardes"].update_one({"_id": _GARDE}, {"$inc": {"n": 1}}, upsert=True)
        await self._sessions.create_indexes()

    async def transaction(self, travail: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run `travail` in a transaction."""

        async def executer(session: AsyncClientSession) -> T:
            tr = _TransactionMongo(self._db, self._sessions, self._poivre, session)
            return await travail(tr)

        return await in_transaction(self._client, executer)

    async def par_nom(self, forme: str) -> Compte | None:
        """Return the account that signs in under a name."""
        return _lu(await self._db["comptes"].find_one({"noms": forme}))

    async def par_id(self, identifiant: str) -> Compte | None:
        """Return an account by its id."""
        return _lu(await self._db["comptes"].find_one({"_id": identifiant}))

    async def lister(self, *, debut: str, actifs: bool | None, limite: int) -> list[Compte]:
        """Return accounts by name."""
        filtre: Document = {} if actifs is None else {"actif": actifs}
        if debut:
            filtre["noms"] = {"$regex": f"^{re.escape(debut)}"}
        curseur = self._db["comptes"].find(filtre).sort([("nom", 1), ("_id", 1)]).limit(limite)
        return [_compte(document) async for document in curseur]

    async def historique(self, identifiant: str) -> list[Etape]:
        """Return what an account has been, the latest first."""
        curseur = self._db["historique"].find({"compte": identifiant}).sort("version", -1)
        return [
            Etape(un["version"], _profil(un["profil"]), un["par"], un["le"]) async for un in curseur
        ]

    async def rehacher(self, identifiant: str, avant: str, apres: str) -> None:
        """Replace a hash if it is still the one given."""
        await self._db["comptes"].update_one(
            {"_id": identifiant, "empreinte": avant}, {"$set": {"empreinte": apres}}
        )


class _TransactionMongo:
    def __init__(
        self, db: Database, sessions: SessionStore, poivre: bytes, session: AsyncClientSession
    ) -> None:
        self._comptes = db["comptes"]
        self._jetons = db["jetons"]
        self._gardes = db["gardes"]
        self._historique = db["historique"]
        self._sessions = sessions
        self._poivre = poivre
        self._session = session

    async def compte(self, identifiant: str) -> Compte | None:
        return _lu(await self._comptes.find_one({"_id": identifiant}, session=self._session))

    async def creer(self, compte: Compte) -> None:
        try:
            await self._comptes.insert_one(_document(compte), session=self._session)
        except DuplicateKeyError as pris:
            raise _nom_pris() from pris

    async def remplacer(self, compte: Compte) -> None:
        try:
            await self._comptes.replace_one(
                {"_id": compte.id}, _document(compte), session=self._session
            )
        except DuplicateKeyError as pris:
            raise _nom_pris() from pris

    async def journaliser(self, compte: Compte) -> None:
        document = {
            "_id": f"{compte.id}.{compte.version}",
            "compte": compte.id,
            "version": compte.version,
            "profil": _document_du_profil(compte.profil),
            "par": compte.modifie_par,
            "le": compte.modifie_le,
        }
        await self._historique.insert_one(document, session=self._session)

    async def autres_administrateurs(self, identifiant: str) -> int:
        await self._gardes.update_one({"_id": _GARDE}, {"$inc": {"n": 1}}, session=self._session)
        autres = {"_id": {"$ne": identifiant}, "actif": True, "role": Role.ADMINISTRATEUR.value}
        return await self._comptes.count_documents(autres, session=self._session)

    async def ouvrir_session(self, porteur: Identity) -> str:
        return await self._sessions.open(porteur, transaction=self._session)

    async def fermer_sessions(self, identifiant: str) -> None:
        await self._sessions.close_all(identifiant, transaction=self._session)

    async def informer_sessions(self, porteur: Identity) -> None:
        await self._sessions.tell(porteur, transaction=self._session)

    async def emettre_jeton(self, identifiant: str, expire_le: datetime) -> str:
        jeton = secrets.token_urlsafe(_JETON_OCTETS)
        document = {"_id": self._empreinte(jeton), "compte": identifiant, "expire_le": expire_le}
        await self._jetons.insert_one(document, session=self._session)
        return jeton

    async def prendre_jeton(self, jeton: str, instant: datetime) -> str | None:
        pris = await self._jetons.find_one_and_delete(
            {"_id": self._empreinte(jeton), "expire_le": {"$gt": instant}}, session=self._session
        )
        return pris["compte"] if pris else None

    async def oublier_jetons(self, identifiant: str) -> None:
        await self._jetons.delete_many({"compte": identifiant}, session=self._session)

    def _empreinte(self, jeton: str) -> bytes:
        return hmac.digest(self._poivre, _USAGE + jeton.encode(), sha256)


def _nom_pris() -> Conflict:
    return Conflict(
        "Un autre compte a déjà cet identifiant ou cette adresse de courriel.", code="nom_pris"
    )


def _document(compte: Compte) -> Document:
    return {
        "_id": compte.id,
        "identifiant": compte.identifiant,
        "noms": list(compte.noms),
        **_document_du_profil(compte.profil),
        "empreinte": compte.empreinte,
        "mot_de_passe_le": compte.mot_de_passe_le,
        "version": compte.version,
        "cree_le": compte.cree_le,
        "modifie_le": compte.modifie_le,
        "modifie_par": compte.modifie_par,
        "vu_le": compte.vu_le,
    }


def _document_du_profil(profil: Profil) -> Document:
    return asdict(profil) | {"role": profil.role.value, "portees": list(profil.portees)}


def _lu(document: Document | None) -> Compte | None:
    return None if document is None else _compte(document)


def _profil(document: Document) -> Profil:
    return Profil(
        nom=document["nom"],
        courriel=document["courriel"],
        role=Role(document["role"]),
        portees=tuple(document["portees"]),
        fonction=document["fonction"],
        tag_1=document["tag_1"],
        tag_2=document["tag_2"],
        actif=document["actif"],
    )


def _compte(document: Document) -> Compte:
    return Compte(
        id=document["_id"],
        identifiant=document["identifiant"],
        profil=_profil(document),
        empreinte=document["empreinte"],
        mot_de_passe_le=document["mot_de_passe_le"],
        version=document["version"],
        cree_le=document["cree_le"],
        modifie_le=document["modifie_le"],
        modifie_par=document["modifie_par"],
        vu_le=document["vu_le"],
    )
