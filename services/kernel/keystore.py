"""Where API keys live: the database `acces`, which every service reads.

Only the keyed hash of a key is stored. A verified key is remembered for `cles_cache_s` seconds, so
that revoking it takes effect everywhere within that time.
"""

import hmac
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.kernel import keys
from services.kernel.auth import Identity
from services.kernel.clock import Clock, SystemClock
from services.kernel.mongo import Database, Document, Store, connect
from services.kernel.problem import NotFound
from services.kernel.settings import KernelSettings

DATABASE: Final = "acces"
_REMEMBERED_MAX: Final = 10_000


@dataclass(frozen=True, slots=True)
class StoredKey:
    """What may be shown of a key; its text is known to its holder only."""

    id: str
    label: str
    role: str
    scopes: tuple[str, ...]
    titulaire: str
    fin: str
    creee_le: datetime
    expire_le: datetime | None
    revoquee_le: datetime | None


class KeyStore:
    """Issues, lists, revokes and verifies keys."""

    def __init__(self, db: Database, settings: KernelSettings, clock: Clock) -> None:
        """Use the collection `cles` of this database."""
        self._keys = db["cles"]
        self._pepper = settings.poivre.get_secret_value()
        self._clock = clock
        self._remember_s = settings.cles_cache_s
        self._verified: dict[bytes, tuple[float, StoredKey]] = {}

    async def issue(
        self,
        *,
        role: str,
        titulaire: str,
        label: str,
        scopes: Iterable[str] = (),
        expire_le: datetime | None = None,
    ) -> keys.KeyText:
        """Store a new key and return its text, which nothing can tell again."""
        key = keys.new_key()
        await self._keys.insert_one(
            {
                "_id": key.id,
                "empreinte": key.digest(self._pepper),
                "fin": key.last_four,
                "label": label,
                "role": role,
                "scopes": sorted(scopes),
                "titulaire": titulaire,
                "creee_le": self._clock.now(),
                "expire_le": expire_le,
                "revoquee_le": None,
            }
        )
        return key

    async def revoke(self, key_id: str) -> StoredKey:
        """Revoke a key for ever; again is the same. Raises `NotFound` for an id never issued."""
        await self._keys.update_one(
            {"_id": key_id, "revoquee_le": None}, {"$set": {"revoquee_le": self._clock.now()}}
        )
        document = await self._keys.find_one({"_id": key_id})
        if document is None:
            raise NotFound(
                f"Aucune clé ne porte l'identifiant « {key_id} ».", code="cle_api_inconnue"
            )
        self._verified.clear()
        return _stored(document)

    async def list(self, titulaire: str | None = None) -> list[StoredKey]:
        """Return the keys of all holders or of one, the latest first."""
        wanted = {} if titulaire is None else {"titulaire": titulaire}
        cursor = self._keys.find(wanted).sort([("creee_le", -1), ("_id", 1)])
        return [_stored(document) async for document in cursor]

    async def verify(self, text: str) -> Identity | None:
        """Return the holder; None when the key is malformed, unknown, expired or revoked.

        A malformed key or a wrong checksum is refused before any database is asked.
        """
        key = keys.parse(text)
        if key is None:
            return None
        digest = key.digest(self._pepper)
        stored = self._remembered(digest) or await self._look_up(key, digest)
        return self._identity(stored)

    async def identify(self, key_id: str) -> Identity | None:
        """Return the holder of a key that was verified before; None once it is no longer valid.

        For what the service itself signed after having seen the key, a page's link for instance.
        """
        document = await self._keys.find_one({"_id": key_id})
        return self._identity(_stored(document) if document else None)

    def _identity(self, stored: StoredKey | None) -> Identity | None:
        if stored is None or stored.revoquee_le is not None or self._expired(stored):
            return None
        return Identity(
            key_id=stored.id,
            label=stored.label,
            role=stored.role,
            scopes=frozenset(stored.scopes),
            titulaire=stored.titulaire,
        )

    async def ping(self) -> None:
        """Return when the database answers; raises the driver's error when it does not."""
        await self._keys.database.command("ping")

    def _expired(self, stored: StoredKey) -> bool:
        return stored.expire_le is not None and stored.expire_le <= self._clock.now()

    def _remembered(self, digest: bytes) -> StoredKey | None:
        until, stored = self._verified.get(digest, (0.0, None))
        return stored if self._clock.now().timestamp() < until else None

    async def _look_up(self, key: keys.KeyText, digest: bytes) -> StoredKey | None:
        document = await self._keys.find_one({"_id": key.id})
        if document is None or not hmac.compare_digest(document["empreinte"], digest):
            return None
        stored = _stored(document)
        if len(self._verified) >= _REMEMBERED_MAX:
            self._verified.clear()
        self._verified[digest] = (self._clock.now().timestamp() + self._remember_s, stored)
        return stored


@asynccontextmanager
async def open_key_store(
    settings: KernelSettings, clock: Clock | None = None
) -> AsyncIterator[KeyStore]:
    """Open the store with a client of its own, closed at the end."""
    client = connect(settings)
    try:
        yield KeyStore(Store(client, settings).database(DATABASE), settings, clock or SystemClock())
    finally:
        await client.close()


def _stored(document: Document) -> StoredKey:
    return StoredKey(
        id=document["_id"],
        label=document["label"],
        role=document["role"],
        scopes=tuple(document["scopes"]),
        titulaire=document["titulaire"],
        fin=document["fin"],
        creee_le=document["creee_le"],
        expire_le=document["expire_le"],
        revoquee_le=document["revoquee_le"],
    )
