"""Sessions of people: an opaque token in a cookie, of which only the keyed hash is stored.

A session holds all that is told of its holder, so that every service verifies it by one read of
the database `acces`; a verified one is remembered for `sessions_cache_s` seconds, so that ending
it takes effect everywhere within that time. The token holds 256 random bits: a keyed hash
suffices, no slow one is needed.
"""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from pymongo import ASCENDING, IndexModel
from pymongo.asynchronous.client_session import AsyncClientSession

from services.kernel.auth import Identity
from services.kernel.clock import Clock
from services.kernel.mongo import Database, Document
from services.kernel.settings import KernelSettings

_PURPOSE: Final = b"session\0"
_TOKEN_BYTES: Final = 32
_TOKEN_LENGTH: Final = 43
_REMEMBERED_MAX: Final = 10_000
_TOUCHES: Final = 20  # its last use is written so many times in an idle delay, not at every request


@dataclass(frozen=True, slots=True)
class _Remembered:
    identity: Identity
    until: datetime


class SessionStore:
    """Opens, verifies and ends sessions."""

    def __init__(
        self,
        db: Database,
        settings: KernelSettings,
        clock: Clock,
        draw: Callable[[int], str] = secrets.token_urlsafe,
    ) -> None:
        """Use the collection `sessions` of this database."""
        self._sessions = db["sessions"]
        self._pepper = settings.poivre.get_secret_value().encode()
        self._clock = clock
        self._draw = draw
        self._lasts = timedelta(seconds=settings.session_duree_s)
        self._idle = timedelta(seconds=settings.session_inactivite_s)
        self._remember = timedelta(seconds=settings.sessions_cache_s)
        self._verified: dict[bytes, _Remembered] = {}

    async def create_indexes(self) -> None:
        """Have ended sessions removed, and those of one holder found."""
        by_end = IndexModel([("expire_le", ASCENDING)], expireAfterSeconds=0)
        await self._sessions.create_indexes([by_end, IndexModel([("titulaire", ASCENDING)])])

    async def open(self, holder: Identity, *, transaction: AsyncClientSession | None = None) -> str:
        """Open a session and return its token, which nothing can tell again."""
        token = self._draw(_TOKEN_BYTES)
        now = self._clock.now()
        await self._sessions.insert_one(
            {
                "_id": self._digest(token),
                **_told(holder),
                "titulaire": holder.titulaire,
                "creee_le": now,
                "vue_le": now,
                "expire_le": now + self._lasts,
            },
            session=transaction,
        )
        return token

    async def verify(self, token: str) -> Identity | None:
        """Return the holder; None when the session is unknown, ended, too old or long unused."""
        if len(token) != _TOKEN_LENGTH:
            return None
        digest, now = self._digest(token), self._clock.now()
        known = self._verified.get(digest)
        if known is not None and now < known.until:
            return known.identity
        document = await self._sessions.find_one({"_id": digest})
        if document is None or now >= self._end(document):
            self._verified.pop(digest, None)
            return None
        await self._touch(document, now)
        return self._remembered(digest, document, now)

    async def close(self, token: str) -> None:
        """End a session for ever; again, or for one never opened, is the same."""
        digest = self._digest(token)
        await self._sessions.delete_one({"_id": digest})
        self._verified.pop(digest, None)

    async def close_all(
        self, titulaire: str, *, transaction: AsyncClientSession | None = None
    ) -> None:
        """End all the sessions of a holder."""
        await self._sessions.delete_many({"titulaire": titulaire}, session=transaction)
        self._verified.clear()

    async def tell(
        self, holder: Identity, *, transaction: AsyncClientSession | None = None
    ) -> None:
        """Have the open sessions of a holder tell his present label, role and scopes."""
        await self._sessions.update_many(
            {"titulaire": holder.titulaire}, {"$set": _told(holder)}, session=transaction
        )
        self._verified.clear()

    def _digest(self, token: str) -> bytes:
        return hmac.digest(self._pepper, _PURPOSE + token.encode(), sha256)

    def _end(self, document: Document) -> datetime:
        end: datetime = min(document["expire_le"], document["vue_le"] + self._idle)
        return end

    async def _touch(self, document: Document, now: datetime) -> None:
        if now - document["vue_le"] >= self._idle / _TOUCHES:
            await self._sessions.update_one({"_id": document["_id"]}, {"$max": {"vue_le": now}})

    def _remembered(self, digest: bytes, document: Document, now: datetime) -> Identity:
        if len(self._verified) >= _REMEMBERED_MAX:
            self._verified.clear()
        identity = Identity(
            key_id=document["titulaire"],
            label=document["label"],
            role=document["role"],
            scopes=frozenset(document["scopes"]),
            titulaire=document["titulaire"],
        )
        until = min(document["expire_le"], now + self._remember)
        self._verified[digest] = _Remembered(identity, until)
        return identity


def _told(holder: Identity) -> Document:
    return {"label": holder.label, "role": holder.role, "scopes": sorted(holder.scopes)}
