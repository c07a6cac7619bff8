"""Promise 10: faults that pass never park anything: all is applied once they are over.

With promise 11: while a server is away nobody hammers it, counted in attempts and processor time.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, Literal

import pytest

from contracts.portees import Role
from contracts.topics import FORMATIONS, OFFRES, Topic
from deploy.local.servers.base import ServerName
from services.kernel.rebuts import list_parked
from tests.support.depositor import Depositor
from tests.support.exemple import nouvelles
from tests.support.polling import eventually
from tests.support.product import CONSUMERS, Product
from tests.support.replay import Raw, events_of, publish_again
from tests.support.stores import assert_events_are_writes, ids_of

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(240)]

LOT: Final = 10
FEW: Final = 30
ATTEMPTS_MAX: Final = 1.0  # a second: the first ones follow each other quickly
CORES_MAX: Final = 0.3
LINES_MAX: Final = 20.0


@dataclass(frozen=True, slots=True)
class Effort:
    """What a process did in a second, while a server was away."""

    attempts: float
    cores: float
    lines: float


@pytest.mark.parametrize(
    ("server", "fault", "seconds"),
    [("mongo", "stop", 20.0), ("elasticsearch", "kill", 12.0), ("kafka", "kill", 10.0)],
)
async def test_a_server_is_away_under_deposits(
    product: Product,
    server: ServerName,
    fault: Literal["stop", "kill"],
    seconds: float,
) -> None:
    known = {entry.id for entry in await list_parked(product.settings)}
    async with product.client("collect-api", Role.DEPOSANT) as collect:
        depositor = Depositor(collect)
        async with _depositing(depositor):
            old = await eventually(lambda: _some_events(product, depositor), deadline=30)
            efforts = await _outage(product, old, server, fault, seconds)
            enough = len(depositor.accepted) + 5
            await eventually(lambda: len(depositor.accepted) >= enough, deadline=60)
    await product.agree(deadline=90)

    assert product.fleet.ended() == []
    parked = [e for e in await list_parked(product.settings) if e.id not in known]
    assert not parked, f"mis à l'écart : {[(e.id, e.code, e.reason) for e in parked[:3]]}"
    ids = await ids_of(product, depositor.keys)
    assert len(ids) == len(depositor.keys)
    if server == "kafka":  # nothing was sent there again: every event is the one of its write
        await assert_events_are_writes(product, ids)

    noticed = efforts["search-indexer" if server == "elasticsearch" else "enrich-consumer"]
    assert noticed.lines, "la panne n'a touché personne"
    hot = {
        name: effort
        for name, effort in efforts.items()
        if effort.attempts > ATTEMPTS_MAX or effort.cores > CORES_MAX or effort.lines > LINES_MAX
    }
    assert not hot, f"s'acharnent pendant la panne : {hot}"


@asynccontextmanager
async def _depositing(depositor: Depositor) -> AsyncIterator[None]:
    stop = asyncio.Event()

    async def deposit() -> None:
        while not stop.is_set():
            await depositor.surely(nouvelles(LOT))
            await asyncio.sleep(0.1)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(deposit())
        yield
        stop.set()


async def _some_events(product: Product, depositor: Depositor) -> dict[Topic, list[Raw]] | None:
    """Return events of what was deposited, to be sent again; None while there are few."""
    ids = await ids_of(product, depositor.keys)
    found = {topic: await events_of(product, topic, ids) for topic in (OFFRES, FORMATIONS)}
    return found if min(map(len, found.values())) >= FEW else None


async def _outage(
    product: Product,
    old: dict[Topic, list[Raw]],
    server: ServerName,
    fault: Literal["stop", "kill"],
    seconds: float,
) -> dict[str, Effort]:
    """Take a server away; return what each process did meanwhile.

    Known events come again as soon as it is gone, so that each consumer has something to fail at.
    """
    end = product.stack.kill if fault == "kill" else product.stack.stop_server
    await asyncio.to_thread(end, server)
    before = await _done(product)
    if server != "kafka":
        for topic, records in old.items():
            await publish_again(product, topic, records)
    await asyncio.sleep(seconds)
    after = await _done(product)
    await asyncio.to_thread(product.stack.start_server, server)
    return {
        name: Effort(*((b - a) / seconds for a, b in zip(before[name], after[name], strict=True)))
        for name in before
    }


async def _done(product: Product) -> dict[str, tuple[float, float, float]]:
    """Return the attempts, processor seconds and log lines of each process so far."""
    name = "catalogue_consumer_transient_attempts_total"
    attempts = {process: await product.metric(process, name) for process in CONSUMERS}
    return {
        process: (attempts.get(process, 0.0), cpu, len(product.log(process)))
        for process, cpu in product.fleet.cpu_seconds().items()
    }
