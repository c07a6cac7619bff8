"""Servers stop and die under load: nothing parked, nothing lost, no haste (promises 10, 11, 15)."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pymongo.asynchronous.client_session import AsyncClientSession

from contracts.topics import OFFRES
from deploy.local import Stack
from deploy.local.servers.base import ServerName
from services.kernel.consumer import Parked, decode
from services.kernel.errors import Retry
from services.kernel.events import Record, make_event
from services.kernel.mongo import Database, Store, connect, in_transaction
from services.kernel.outbox import Outbox
from services.kernel.rebuts import list_parked
from services.kernel.relay import Relay
from services.kernel.settings import KernelSettings
from services.kernel.topics_admin import create_topics
from tests.support.consuming import GROUP, consuming
from tests.support.kafka import committed
from tests.support.polling import eventually
from tests.support.servers import own_servers

pytestmark = [pytest.mark.integration, pytest.mark.chaos, pytest.mark.timeout(300)]

NOW = datetime(2026, 1, 1, tzinfo=UTC)
OUTAGE_S = 15.0
EDITS = 400


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Servers of this module alone, to be stopped and killed."""
    folder: Path = tmp_path_factory.mktemp("serveurs")
    with own_servers(folder, 29_300) as stack:
        yield stack


@pytest.fixture
def settings(stack: Stack) -> KernelSettings:
    return KernelSettings(
        kafka=stack.addresses.kafka,
        mongo=stack.addresses.mongo,
        espace=f"t{uuid.uuid4().hex[:12]}",
        reprise_max_s=2.0,
        relais_attente_s=0.1,
        port=0,
    )


class Projection:
    """Stores each state that is newer than the one it holds, and counts its attempts."""

    def __init__(self, database: Database) -> None:
        self.held = database["projection"]
        self.attempts = 0

    async def handle(self, records: Sequence[Record]) -> Sequence[Parked]:
        self.attempts += 1
        events, parked = decode(records)
        for record, data in events:
            await self.held.update_one(
                {"_id": data["id"]}, {"$max": {"sequence": record.sequence}}, upsert=True
            )
        return parked


@asynccontextmanager
async def pipeline(settings: KernelSettings) -> AsyncIterator[tuple[Outbox, Projection]]:
    """Run outbox, relay and consumer of one service."""
    await create_topics(settings, partitions=2)
    async with connect(settings) as client:
        database = Store(client, settings).database(GROUP)
        outbox = Outbox(database, bytes_max=settings.outbox_octets_max)
        await outbox.prepare()
        stop = asyncio.Event()
        relay = asyncio.create_task(Relay(outbox, settings, GROUP).run(stop))
        projection = Projection(database)
        async with consuming(settings, projection, OFFRES):
            yield outbox, projection
        stop.set()
        await relay


async def edit(outbox: Outbox, accepted: dict[str, int]) -> None:
    """Write states as a caller would: what fails is written again, what is accepted is noted."""
    for number in range(EDITS):
        key, sequence = f"k{number % 40}", number // 40 + 1
        while accepted.get(key, 0) < sequence:
            try:
                await in_transaction(outbox.database.client, _edition(outbox, key, sequence))
                accepted[key] = sequence
            except Retry:
                await asyncio.sleep(0.2)
        await asyncio.sleep(0.005)


def _edition(
    outbox: Outbox, key: str, sequence: int
) -> Callable[[AsyncClientSession], Awaitable[None]]:
    async def work(session: AsyncClientSession) -> None:
        await outbox.add(session, [make_event(OFFRES, key, sequence, {"id": key}, NOW)])

    return work


async def converged(projection: Projection, accepted: dict[str, int]) -> bool:
    held = {row["_id"]: row["sequence"] async for row in projection.held.find({})}
    return held == accepted


@pytest.mark.parametrize("server", ["mongo", "kafka"])
@pytest.mark.parametrize("fault", ["stop", "kill"])
async def test_a_server_goes_and_comes_back(
    stack: Stack, settings: KernelSettings, server: ServerName, fault: str
) -> None:
    accepted: dict[str, int] = {}
    async with pipeline(settings) as (outbox, projection):
        editing = asyncio.create_task(edit(outbox, accepted))
        await eventually(lambda: len(accepted) > 20)
        await asyncio.to_thread(stack.kill if fault == "kill" else stack.stop_server, server)
        attempts = projection.attempts
        await asyncio.sleep(OUTAGE_S)
        hammered = projection.attempts - attempts
        await asyncio.to_thread(stack.start_server, server)

        await editing
        await eventually(lambda: converged(projection, accepted), deadline=90)

    assert set(accepted.values()) == {EDITS // 40}
    assert await list_parked(settings) == []
    assert hammered < OUTAGE_S
    assert sum((await committed(settings, OFFRES, GROUP)).values()) >= EDITS
