"""A consuming process as its supervisors see it."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import httpx
import pytest
from pymongo.asynchronous.client_session import AsyncClientSession

from contracts.topics import CONSTATS, OFFRES
from services.kernel.consumer import Handler, run_consumer
from services.kernel.events import make_event
from services.kernel.mongo import Client, Store, in_transaction
from services.kernel.outbox import Outbox
from services.kernel.relay import Relay
from services.kernel.settings import KernelSettings
from services.kernel.topics_admin import create_topics, delete_topics, describe_topics
from tests.support.consuming import GROUP, Recorder
from tests.support.kafka import read_all, write
from tests.support.polling import eventually

pytestmark = pytest.mark.integration


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def running(settings: KernelSettings, handler: Handler) -> AsyncIterator[httpx.AsyncClient]:
    on_a_port = settings.model_copy(update={"port": free_port()})
    stop = asyncio.Event()
    process = asyncio.create_task(run_consumer(on_a_port, GROUP, [OFFRES], handler, stop=stop))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{on_a_port.port}") as client:
        yield client
    stop.set()
    await process


async def status(client: httpx.AsyncClient, path: str) -> int:
    try:
        return (await client.get(path)).status_code
    except httpx.TransportError:
        return 0


async def expect(client: httpx.AsyncClient, path: str, code: int) -> None:
    async def reached() -> bool:
        return await status(client, path) == code

    await eventually(reached)


async def test_ready_once_its_group_gave_it_partitions(topics: KernelSettings) -> None:
    async with running(topics, Recorder()) as client:
        await expect(client, "/vivant", 200)
        await expect(client, "/pret", 200)
        assert await status(client, "/avancement-technique") == 200
        metrics = (await client.get("/metrics")).text
    assert f'group="{topics.espace}.{GROUP}"' in metrics


async def test_alive_but_not_ready_without_topics(settings: KernelSettings) -> None:
    async with running(settings, Recorder()) as client:
        await expect(client, "/vivant", 200)
        assert await status(client, "/pret") == 503


async def test_waits_for_a_broker_that_is_not_there_and_stops_when_asked(
    settings: KernelSettings,
) -> None:
    nowhere = settings.model_copy(update={"kafka": f"127.0.0.1:{free_port()}"})
    async with running(nowhere, Recorder()) as client:
        await expect(client, "/vivant", 200)
        assert await status(client, "/pret") == 503


async def test_stalled_when_records_wait_and_nothing_is_committed(topics: KernelSettings) -> None:
    stuck = topics.model_copy(update={"lot_delai_s": 2.0, "arret_max_s": 1})

    async def hang(_: object) -> None:
        await asyncio.Event().wait()

    await write(topics, OFFRES, [b"{}"])
    async with running(stuck, Recorder(hang)) as client:
        await expect(client, "/pret", 200)
        await expect(client, "/avancement-technique", 503)
        assert await status(client, "/vivant") == 200


async def test_what_the_last_batch_wrote_leaves_before_the_process(
    topics: KernelSettings, mongo: Client, store: Store
) -> None:
    outbox = Outbox(store.database(GROUP), bytes_max=topics.outbox_octets_max)
    await outbox.prepare()
    stop = asyncio.Event()

    async def answer(_: object) -> None:
        async def work(session: AsyncClientSession) -> None:
            now = datetime(2026, 1, 1, tzinfo=UTC)
            await outbox.add(session, [make_event(CONSTATS, "d", 1, {}, now)])

        stop.set()  # asked to stop in the middle of its only batch
        await in_transaction(mongo, work)

    await write(topics, OFFRES, [b"{}"])
    relay = Relay(outbox, topics, GROUP)
    await run_consumer(topics, GROUP, [OFFRES], Recorder(answer), background=[relay.run], stop=stop)
    assert len(await eventually(lambda: read_all(topics, CONSTATS))) == 1


async def test_topics_are_created_as_declared_once_and_deleted_only_in_a_namespace(
    settings: KernelSettings,
) -> None:
    created = await create_topics(settings, partitions=3)
    assert f"{settings.espace}.catalogue.formations.rebut.v1" in created
    assert await create_topics(settings) == []
    states = {state.name: state for state in await describe_topics(settings)}
    offres = states[f"{settings.espace}.catalogue.offres.v1"]
    assert (offres.partitions, offres.declared) == (3, 12)
    assert states[f"{settings.espace}.catalogue.offres.rebut.v1"].partitions == 1

    with pytest.raises(ValueError, match="CATALOGUE_ESPACE"):
        await delete_topics(settings.model_copy(update={"espace": ""}))
    await delete_topics(settings)
