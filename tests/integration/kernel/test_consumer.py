"""Faults pass without loss, disorder or haste (reliability.md §9, 10 to 14)."""

import asyncio
import signal
from collections import Counter
from collections.abc import Sequence

import pytest
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from prometheus_client import REGISTRY

from contracts.topics import OFFRES
from services.kernel import naming
from services.kernel.errors import Retry
from services.kernel.events import Record
from services.kernel.mongo import Client, Store
from services.kernel.rebuts import list_parked, resume
from services.kernel.settings import KernelSettings
from tests.support.consuming import GROUP, Recorder, consuming
from tests.support.kafka import committed, write
from tests.support.polling import eventually
from tests.support.processes import python_module

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("topics")]

GOOD = b'{"id": "x"}'


def metric(settings: KernelSettings, name: str, **labels: str) -> float:
    group = naming.group(settings, GROUP)
    return REGISTRY.get_sample_value(f"catalogue_{name}", {"group": group, **labels}) or 0.0


async def total_committed(settings: KernelSettings) -> int:
    return sum((await committed(settings, OFFRES, GROUP)).values())


async def test_an_outage_parks_nothing_and_is_not_hammered(settings: KernelSettings) -> None:
    loop = asyncio.get_running_loop()
    back_at = loop.time() + 5

    def unavailable(_: Sequence[Record]) -> None:
        if loop.time() < back_at:
            raise Retry("le serveur est arrêté")

    recorder = Recorder(unavailable)
    await write(settings, OFFRES, [GOOD] * 200)
    async with consuming(settings, recorder, OFFRES):
        await eventually(lambda: committed_all(settings, 200))

    assert sorted(Counter(recorder.places).values()) == [1] * 200
    assert await list_parked(settings) == []
    # 5 s with pauses that grow to 0.25–0.5 s; two partitions may come as two batches.
    assert 8 <= metric(settings, "consumer_transient_attempts_total") <= 40


async def committed_all(settings: KernelSettings, count: int) -> bool:
    return await total_committed(settings) == count


async def test_retries_beyond_the_deadline_are_offered_again(settings: KernelSettings) -> None:
    hurried = settings.model_copy(update={"scrutation_max_s": 10.0, "lot_delai_s": 2.0})
    loop = asyncio.get_running_loop()
    back_at = loop.time() + 4

    def unavailable(_: Sequence[Record]) -> None:
        if loop.time() < back_at:
            raise ConnectionResetError

    recorder = Recorder(unavailable)
    await write(settings, OFFRES, [GOOD] * 50)
    async with consuming(hurried, recorder, OFFRES):
        await eventually(lambda: committed_all(settings, 50))
    assert metric(settings, "consumer_uncommitted_total", cause="panne") >= 1
    assert len(set(recorder.places)) == 50


async def test_a_batch_slower_than_the_poll_interval_does_not_loop(
    settings: KernelSettings,
) -> None:
    slow = settings.model_copy(
        update={"scrutation_max_s": 4.0, "lot_delai_s": 1.5, "session_s": 6.0}
    )
    effects: Counter[str] = Counter()

    async def apply_slowly(records: Sequence[Record]) -> None:
        await asyncio.sleep(0.02 * len(records))  # all or nothing, as a transaction would be
        effects.update(record.position for record in records)

    recorder = Recorder(apply_slowly)
    await write(settings, OFFRES, [GOOD] * 500, partition=0)  # 10 s as one batch
    async with consuming(slow, recorder, OFFRES) as consumer:
        await eventually(lambda: committed_all(settings, 500), deadline=40)
        assert consumer.health.progress().healthy

    assert sorted(effects.values()) == [1] * 500
    assert recorder.calls[:4] == [500, 250, 125, 62]
    assert metric(settings, "consumer_batch_deadline_exceeded_total") == 3


async def test_a_consumer_that_recovers_takes_full_batches_again(
    settings: KernelSettings,
) -> None:
    slow = settings.model_copy(update={"scrutation_max_s": 4.0, "lot_delai_s": 0.5, "lot_max": 100})
    late = [True]

    async def slow_once(_: Sequence[Record]) -> None:
        if late.pop() if late else False:
            await asyncio.sleep(60)

    recorder = Recorder(slow_once)
    await write(settings, OFFRES, [GOOD] * 500, partition=0)
    async with consuming(slow, recorder, OFFRES):
        await eventually(lambda: committed_all(settings, 500))
    assert recorder.calls == [100, 50, 100, 100, 100, 100, 50]


async def test_mass_invalidity_stops_the_line_until_it_is_resumed(
    settings: KernelSettings, mongo: Client
) -> None:
    await write(settings, OFFRES, [b"bad"] * 60 + [GOOD] * 10, partition=0)
    recorder = Recorder()
    async with consuming(settings, recorder, OFFRES) as consumer:
        await eventually(lambda: metric(settings, "line_stopped") == 1)
        calls = len(recorder.calls)
        assert consumer.health.progress().detail["ligne_arretee"] is True
        assert await list_parked(settings) == []
        assert await total_committed(settings) == 0

        await resume(mongo, settings, GROUP)
        await eventually(lambda: committed_all(settings, 70))
        assert metric(settings, "line_stopped") == 0
        assert len(await list_parked(settings)) == 60
        assert len(recorder.calls) == calls + 1

        await write(settings, OFFRES, [b"bad"] * 60, partition=0)
        await eventually(lambda: metric(settings, "line_stopped") == 1)
    assert len(await list_parked(settings)) == 60


async def test_some_bad_records_do_not_stop_the_line(settings: KernelSettings) -> None:
    await write(settings, OFFRES, [b"bad", GOOD] * 50, partition=0)
    async with consuming(settings, Recorder(), OFFRES):
        await eventually(lambda: committed_all(settings, 100))
    assert len(await list_parked(settings)) == 50


async def test_members_that_come_and_go_under_load_lose_nothing(
    settings: KernelSettings,
) -> None:
    small = settings.model_copy(update={"lot_max": 20})

    async def busy(_: Sequence[Record]) -> None:
        await asyncio.sleep(0.01)

    recorder = Recorder(busy)
    await write(settings, OFFRES, [GOOD] * 3_000)
    async with consuming(small, recorder, OFFRES):
        await eventually(lambda: len(recorder.places) > 200)
        async with consuming(small, recorder, OFFRES):
            await eventually(lambda: len(recorder.places) > 800)
            async with consuming(small, recorder, OFFRES):
                await write(settings, OFFRES, [GOOD] * 1_000)
                await eventually(lambda: len(recorder.places) > 1_600)
        await eventually(lambda: committed_all(settings, 4_000), deadline=40)
    assert len(set(recorder.places)) == 4_000
    assert len(recorder.places) < 4_200  # some batches at work when partitions moved


async def test_what_expired_unread_is_told_with_its_bounds(settings: KernelSettings) -> None:
    await write(settings, OFFRES, [GOOD] * 10, partition=0)
    async with consuming(settings, Recorder(), OFFRES):
        await eventually(lambda: committed_all(settings, 10))
    await write(settings, OFFRES, [GOOD] * 30, partition=0)
    await expire_before(settings, 25)

    recorder = Recorder()
    async with consuming(settings, recorder, OFFRES) as consumer:
        await eventually(lambda: committed_all(settings, 40))
        gaps = consumer.health.progress().detail["trous"]

    topic = naming.topic(settings, OFFRES)
    assert gaps == [{"topic": topic, "partition": 0, "premier": 10, "dernier": 24}]
    assert metric(settings, "consumer_gap_records_total", topic=topic) == 15
    assert recorder.places == [f"catalogue.offres.v1/0/{offset}" for offset in range(25, 40)]


async def expire_before(settings: KernelSettings, offset: int) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.kafka)
    await admin.start()
    place = TopicPartition(naming.topic(settings, OFFRES), 0)
    await admin.delete_records({place: RecordsToDelete(before_offset=offset)})
    await admin.close()


@pytest.mark.chaos
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_stop_under_load_finishes_its_work(
    settings: KernelSettings, environment: dict[str, str], store: Store, number: signal.Signals
) -> None:
    applied = store.database("essai")["applique"]
    small = {**environment, "CATALOGUE_LOT_MAX": "50"}
    await write(settings, OFFRES, [GOOD] * 2_000)

    async with python_module("tests.support.consumer_process", environment=small) as process:
        await eventually(lambda: applied.count_documents({}))
        process.send_signal(number)
        assert await process.wait() == 0
    assert await applied.count_documents({}) == await total_committed(settings)

    async with python_module("tests.support.consumer_process", environment=small):
        await eventually(lambda: committed_all(settings, 2_000), deadline=40)
    assert await applied.count_documents({"fois": 1}) == 2_000


@pytest.mark.chaos
async def test_a_kill_under_load_loses_nothing(
    settings: KernelSettings, environment: dict[str, str], store: Store
) -> None:
    applied = store.database("essai")["applique"]
    small = {**environment, "CATALOGUE_LOT_MAX": "50", "CATALOGUE_SESSION_S": "6"}
    await write(settings, OFFRES, [GOOD] * 1_000)

    for seen in (100, 400):
        async with python_module("tests.support.consumer_process", environment=small) as process:
            await eventually(lambda: applied.count_documents({}, skip=seen), deadline=40)  # noqa: B023 - awaited here
            process.kill()
    async with python_module("tests.support.consumer_process", environment=small):
        await eventually(lambda: committed_all(settings, 1_000), deadline=40)

    assert await applied.count_documents({}) == 1_000
    assert await applied.count_documents({"fois": {"$gt": 2}}) == 0
