"""The relay skips nothing, keeps the order of each key, publishes once (reliability.md §2)."""

import asyncio
import random
import signal
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from pymongo.asynchronous.client_session import AsyncClientSession

from contracts.topics import CONSTATS, OFFRES
from services.kernel.events import Event, make_event
from services.kernel.mongo import Client, Database, Store, in_transaction
from services.kernel.outbox import Outbox
from services.kernel.relay import Relay
from services.kernel.settings import KernelSettings
from tests.support.kafka import Read, read_all
from tests.support.polling import eventually
from tests.support.processes import python_module

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("topics")]

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SERVICE = "collect"


def event(key: str, sequence: int) -> Event:
    return make_event(OFFRES, key, sequence, {"id": key, "texte": "x" * 300}, NOW)


@pytest_asyncio.fixture
async def database(store: Store) -> Database:
    return store.database(SERVICE)


@pytest_asyncio.fixture
async def outbox(database: Database, settings: KernelSettings) -> Outbox:
    box = Outbox(database, bytes_max=settings.outbox_octets_max)
    await box.prepare()
    return box


async def write(mongo: Client, outbox: Outbox, events: Sequence[Event]) -> None:
    async def work(session: AsyncClientSession) -> None:
        await outbox.add(session, events)

    await in_transaction(mongo, work)


@asynccontextmanager
async def relaying(outbox: Outbox, settings: KernelSettings) -> AsyncIterator[None]:
    stop = asyncio.Event()
    running = asyncio.create_task(Relay(outbox, settings, SERVICE).run(stop))
    try:
        yield
    finally:
        stop.set()
        await running


async def drained(outbox: Outbox) -> bool:
    return await outbox.collection.count_documents({}) == 0


def seen(records: Read) -> list[tuple[str, int]]:
    return [
        ((record.key or b"").decode(), int(dict(record.headers)["ce_sequence"]))
        for record in records
    ]


async def published(settings: KernelSettings, key: str) -> bool:
    return (key, 1) in seen(await read_all(settings, OFFRES))


async def test_events_arrive_as_cloudevents(
    mongo: Client, outbox: Outbox, settings: KernelSettings
) -> None:
    async with relaying(outbox, settings):
        await write(mongo, outbox, [event("a", 7), make_event(CONSTATS, "d", 1, b"{}", NOW)])
        await eventually(lambda: drained(outbox))

    (offre,) = await eventually(lambda: read_all(settings, OFFRES))
    (constat,) = await eventually(lambda: read_all(settings, CONSTATS))
    assert dict(offre.headers) == {
        "ce_specversion": b"1.0",
        "ce_id": b"a.7",
        "ce_source": b"catalogue/collect",
        "ce_type": b"catalogue.offres.v1",
        "ce_time": b"2026-01-01T00:00:00+00:00",
        "ce_sequence": b"00000000000000000007",
        "ce_partitionkey": b"a",
        "content-type": b"application/json",
    }
    assert (offre.key, offre.value) == (b"a", event("a", 7).data)
    assert (constat.key, constat.value) == (b"d", b"{}")


async def test_a_commit_wakes_the_relay_of_its_process(
    mongo: Client, outbox: Outbox, settings: KernelSettings
) -> None:
    sleepy = settings.model_copy(update={"relais_attente_s": 3_600.0})
    async with relaying(outbox, sleepy):
        await write(mongo, outbox, [event("a", 1)])
        await eventually(lambda: drained(outbox), deadline=10)
        await write(mongo, outbox, [event("a", 2)])
        await eventually(lambda: drained(outbox), deadline=10)


async def test_a_transaction_that_commits_late_is_published(
    mongo: Client, outbox: Outbox, settings: KernelSettings
) -> None:
    written, other_published = asyncio.Event(), asyncio.Event()

    async def late(session: AsyncClientSession) -> None:
        await outbox.add(session, [event("late", 1)])
        written.set()
        await other_published.wait()

    async with relaying(outbox, settings):
        committing = asyncio.create_task(in_transaction(mongo, late))
        await written.wait()
        await write(mongo, outbox, [event("early", 1)])
        await eventually(lambda: published(settings, "early"))
        other_published.set()
        await committing
        await eventually(lambda: published(settings, "late"))


async def test_what_was_published_but_not_deleted_is_not_published_again(
    mongo: Client, outbox: Outbox, settings: KernelSettings
) -> None:
    await write(mongo, outbox, [event("a", 1)])
    kept = await outbox.collection.find_one({})
    assert kept is not None
    async with relaying(outbox, settings):
        await eventually(lambda: drained(outbox))
    await outbox.collection.insert_one(kept)  # as if the relay had died before deleting it

    async with relaying(outbox, settings):
        await eventually(lambda: drained(outbox))

    await write(mongo, outbox, [event("z", 1)])
    async with relaying(outbox, settings):
        await eventually(lambda: drained(outbox))
    await eventually(lambda: published(settings, "z"))
    assert sorted(seen(await read_all(settings, OFFRES))) == [("a", 1), ("z", 1)]


@pytest.mark.chaos
@pytest.mark.timeout(300)
@pytest.mark.parametrize("fault", [signal.SIGSTOP, signal.SIGKILL])
async def test_two_relays_that_freeze_or_die_lose_double_and_disorder_nothing(
    mongo: Client,
    outbox: Outbox,
    settings: KernelSettings,
    environment: dict[str, str],
    fault: signal.Signals,
) -> None:
    quick = {**environment, "CATALOGUE_BAIL_S": "1"}
    sequences: Counter[str] = Counter()
    draw = random.Random(20261125)
    writing = True

    async def edit() -> None:
        for _ in range(150):
            keys = {f"k{draw.randrange(500)}" for _ in range(100)}
            sequences.update(keys)
            await write(mongo, outbox, [event(key, sequences[key]) for key in keys])
            await asyncio.sleep(draw.uniform(0, 0.2))

    async def relay() -> None:
        while writing or not await drained(outbox):
            async with python_module("tests.support.relay_process", environment=quick) as process:
                while process.returncode is None and (writing or not await drained(outbox)):
                    await asyncio.sleep(draw.uniform(2.0, 4.0))
                    process.send_signal(fault)
                    if fault is signal.SIGKILL:
                        break
                    await asyncio.sleep(draw.uniform(1.1, 2.5))  # longer than the lease
                    process.send_signal(signal.SIGCONT)

    async with asyncio.TaskGroup() as tasks:
        editing = tasks.create_task(edit())
        tasks.create_task(relay())
        tasks.create_task(relay())
        await editing
        writing = False

    await write(mongo, outbox, [event(f"fin{number}", 1) for number in range(20)])
    async with relaying(outbox, settings):
        await eventually(lambda: published(settings, "fin19"), deadline=60, every=1)
    in_order: dict[str, list[int]] = defaultdict(list)
    for key, sequence in seen(await read_all(settings, OFFRES)):
        if not key.startswith("fin"):
            in_order[key].append(sequence)
    assert in_order == {key: list(range(1, last + 1)) for key, last in sequences.items()}
    assert sequences.total() > 10_000
