"""A write and its event are one transaction (reliability.md §9, promises 2 and 3)."""

import asyncio
import signal
import sys
import uuid
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from bson import Binary
from pymongo.asynchronous.client_session import AsyncClientSession

from contracts.topics import OFFRES
from services.kernel import chunk
from services.kernel.events import Event, make_event
from services.kernel.mongo import Client, Database, Store, in_transaction
from services.kernel.outbox import Outbox
from services.kernel.settings import KernelSettings

pytestmark = pytest.mark.integration

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def event(key: str, sequence: int, size: int = 10) -> Event:
    return make_event(OFFRES, key, sequence, {"id": key, "texte": "x" * size}, NOW)


@pytest_asyncio.fixture
async def database(store: Store) -> Database:
    return store.database("collect")


@pytest_asyncio.fixture
async def outbox(database: Database, settings: KernelSettings) -> Outbox:
    box = Outbox(database, bytes_max=settings.outbox_octets_max)
    await box.prepare()
    return box


async def waiting(outbox: Outbox) -> list[Event]:
    rows = await outbox.oldest(documents=100)
    return [event for row in rows for event in chunk.unpack(row["bloc"])]


async def test_an_event_is_there_when_its_write_is(
    mongo: Client, database: Database, outbox: Outbox
) -> None:
    async def work(session: AsyncClientSession) -> None:
        await database["offres"].insert_one({"_id": "a"}, session=session)
        await outbox.add(session, [event("a", 1)])

    await in_transaction(mongo, work)

    assert await waiting(outbox) == [event("a", 1)]
    assert outbox.wake.is_set()


async def test_an_aborted_transaction_leaves_neither(
    mongo: Client, database: Database, outbox: Outbox
) -> None:
    async def work(session: AsyncClientSession) -> None:
        await database["offres"].insert_one({"_id": "a"}, session=session)
        await outbox.add(session, [event("a", 1)])
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await in_transaction(mongo, work)

    assert await waiting(outbox) == []
    assert await database["offres"].count_documents({}) == 0
    assert not outbox.wake.is_set()


async def test_nothing_is_written_outside_a_transaction(mongo: Client, outbox: Outbox) -> None:
    async with mongo.start_session() as session:
        with pytest.raises(RuntimeError, match="transaction"):
            await outbox.add(session, [event("a", 1)])


KILLED = """
import asyncio, sys
from services.kernel.mongo import Store, connect, in_transaction
from services.kernel.outbox import Outbox
from services.kernel.settings import KernelSettings
from tests.integration.kernel.test_outbox import event

async def main():
    settings = KernelSettings()
    client = connect(settings)
    database = Store(client, settings).database("collect")
    outbox = Outbox(database, bytes_max=settings.outbox_octets_max)

    async def work(session):
        await database["offres"].insert_one({"_id": "a"}, session=session)
        await outbox.add(session, [event("a", 1)])
        print(session.session_id["id"].hex(), flush=True)
        await asyncio.Event().wait()

    await in_transaction(client, work)

asyncio.run(main())
"""


async def test_a_kill_inside_the_transaction_leaves_neither(
    environment: dict[str, str], mongo: Client, database: Database, outbox: Outbox
) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED, env=environment, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    session = uuid.UUID((await process.stdout.readline()).decode().strip())
    process.send_signal(signal.SIGKILL)
    await process.wait()

    assert await waiting(outbox) == []
    assert await database["offres"].count_documents({}) == 0
    # What the server would do by itself after a minute, so that the database can be dropped.
    await mongo.admin.command("killSessions", [{"id": Binary.from_uuid(session)}])


async def test_a_large_transaction_is_cut_in_documents_that_keep_the_order(
    mongo: Client, database: Database
) -> None:
    outbox = Outbox(database, bytes_max=10_000)
    events = [event(f"k{number}", 1, size=1_000) for number in range(50)]

    async def work(session: AsyncClientSession) -> None:
        await outbox.add(session, events)

    await in_transaction(mongo, work)

    assert await database["outbox"].count_documents({}) > 4
    assert await waiting(outbox) == events


async def test_a_transaction_that_commits_late_is_not_skipped(
    mongo: Client, outbox: Outbox
) -> None:
    first_written, second_committed = asyncio.Event(), asyncio.Event()

    async def first(session: AsyncClientSession) -> None:
        await outbox.add(session, [event("a", 1)])
        first_written.set()
        await second_committed.wait()

    async def second(session: AsyncClientSession) -> None:
        await outbox.add(session, [event("b", 1)])

    late = asyncio.create_task(in_transaction(mongo, first))
    await first_written.wait()
    await in_transaction(mongo, second)
    seen_before = await waiting(outbox)
    second_committed.set()
    await late

    assert seen_before == [event("b", 1)]
    assert await waiting(outbox) == [event("a", 1), event("b", 1)]
