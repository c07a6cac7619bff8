"""MongoDB: the client, a service's database, and the transaction that holds a write and its event.

Written with majority and journal, read with majority; inside a transaction from one snapshot.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar
from weakref import WeakKeyDictionary

from pymongo import AsyncMongoClient, ReadPreference, WriteConcern
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import ConnectionFailure, OperationFailure, PyMongoError
from pymongo.read_concern import ReadConcern

from services.kernel import naming, telemetry
from services.kernel.errors import Contention, RaceLost, Retry
from services.kernel.halves import in_halves
from services.kernel.settings import KernelSettings
from services.kernel.transient import is_transient

__all__ = [
    "Client",
    "Database",
    "Document",
    "Store",
    "connect",
    "in_halves",
    "in_transaction",
    "is_transient",
    "on_commit",
]

T = TypeVar("T")
Document = dict[str, Any]
Client = AsyncMongoClient[Document]
Database = AsyncDatabase[Document]

MAJORITY: Final = WriteConcern(w="majority", j=True, wtimeout=30_000)
SNAPSHOT: Final = ReadConcern("snapshot")
_ATTEMPTS: Final = 4
_COMMIT_ATTEMPTS: Final = 5
_PAUSE_MAX_S: Final = 0.4

_after_commit: WeakKeyDictionary[AsyncClientSession, list[Callable[[], None]]] = WeakKeyDictionary()


def connect(settings: KernelSettings) -> Client:
    """Return a client of the servers of `settings.mongo`; nothing is sent before the first call.

    A server that does not answer makes each operation fail within some ten seconds, as a transient
    fault: waiting is the caller's decision. Dates come back aware, in UTC.
    """
    return AsyncMongoClient(
        settings.mongo,
        tz_aware=True,
        w="majority",
        journal=True,
        readConcernLevel="majority",
        serverSelectionTimeoutMS=5_000,
        connectTimeoutMS=5_000,
        socketTimeoutMS=60_000,
        appname=f"catalogue{settings.espace and '.' + settings.espace}",
    )


class Store:
    """The databases of this installation, by their names without namespace."""

    def __init__(self, client: Client, settings: KernelSettings) -> None:
        """Name the databases of `client` as `settings` says."""
        self.client = client
        self._settings = settings

    def database(self, name: str) -> Database:
        """Return a database; a service opens its own and `acces`, no other (design.md §2)."""
        return self.client[naming.database(self._settings, name)]


def on_commit(session: AsyncClientSession, callback: Callable[[], None]) -> None:
    """Have `callback` called once the transaction of `session` is committed, never otherwise."""
    _after_commit.setdefault(session, []).append(callback)


async def in_transaction(client: Client, work: Callable[[AsyncClientSession], Awaitable[T]]) -> T:
    """Run `work` in a transaction; return its result once a majority has journaled it.

    `work` must pass its session to every operation (`session=`), keep nothing it did in memory,
    and be fit to run again: it is, a few times with jitter, on conflicts and on `RaceLost`, each
    time from a new snapshot. Its own exceptions abort the transaction and pass through.

    Raises:
        Contention: it does not get through at this size (conflicts, its size, its duration).
        Retry: the servers are not there, or the outcome of the commit is unknown.
    """
    for attempt in range(_ATTEMPTS):
        try:
            return await _once(client, work)
        except (PyMongoError, RaceLost) as error:
            if not is_transient(error):
                raise
            if isinstance(error, ConnectionFailure):
                raise Retry(f"MongoDB ne répond pas : {error}") from error
            telemetry.TRANSACTION_RETRIES.labels(cause=_cause(error)).inc()
            last: Exception = error
        await asyncio.sleep(random.uniform(0, _PAUSE_MAX_S * 2**attempt / 2**_ATTEMPTS))  # noqa: S311 - jitter
    raise Contention(f"transaction abandonnée après {_ATTEMPTS} essais : {last}") from last


async def _once(client: Client, work: Callable[[AsyncClientSession], Awaitable[T]]) -> T:
    async with client.start_session() as session:
        await session.start_transaction(
            read_concern=SNAPSHOT, write_concern=MAJORITY, read_preference=ReadPreference.PRIMARY
        )
        try:
            result = await work(session)
        except BaseException:
            if session.in_transaction:
                await session.abort_transaction()
            raise
        if session.in_transaction:
            await _commit(session)
        for callback in _after_commit.pop(session, ()):
            callback()
        return result


async def _commit(session: AsyncClientSession) -> None:
    for _ in range(_COMMIT_ATTEMPTS - 1):
        try:
            return await session.commit_transaction()
        except PyMongoError as error:
            # Committing again what may have been committed is safe, running `work` again is not.
            if not error.has_error_label("UnknownTransactionCommitResult"):
                raise
            await asyncio.sleep(random.uniform(0, _PAUSE_MAX_S))  # noqa: S311 - jitter
    try:
        return await session.commit_transaction()
    except PyMongoError as error:
        if error.has_error_label("UnknownTransactionCommitResult"):
            raise Retry(f"issue de la transaction inconnue : {error}") from error
        raise


def _cause(error: Exception) -> str:
    return str(error.code) if isinstance(error, OperationFailure) else type(error).__name__
