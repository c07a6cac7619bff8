"""Who may come in, as every API knows it: keys and sessions, both in the database `acces`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from services.kernel.clock import Clock, SystemClock
from services.kernel.keystore import DATABASE, KeyStore
from services.kernel.mongo import Client, Database, Store, connect
from services.kernel.sessions import SessionStore
from services.kernel.settings import KernelSettings


@dataclass(frozen=True, slots=True)
class Access:
    """The two stores, on one client of the database."""

    client: Client
    db: Database
    keys: KeyStore
    sessions: SessionStore


@asynccontextmanager
async def open_access(
    settings: KernelSettings, clock: Clock | None = None
) -> AsyncIterator[Access]:
    """Open both with a client of their own, closed at the end."""
    client = connect(settings)
    clock = clock or SystemClock()
    try:
        db = Store(client, settings).database(DATABASE)
        yield Access(client, db, KeyStore(db, settings, clock), SessionStore(db, settings, clock))
    finally:
        await client.close()
