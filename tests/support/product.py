"""The whole product on servers of its own, to be broken, brought back and compared."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Final

import httpx
from prometheus_client.parser import text_string_to_metric_families

from contracts.portees import Role
from contracts.topics import Topic
from deploy.local import Stack
from services.cli.collecte import Refused
from services.cli.interne import Services
from services.cli.reconcilier import compare
from services.cli.run.fleet import FLEET, Fleet, ProcessSpec
from services.cli.run.installation import Installation
from services.cli.run.settings import RunSettings
from services.kernel import naming
from services.kernel.mongo import Client, Store, connect
from services.kernel.settings import KernelSettings
from tests.support.polling import eventually
from tests.support.servers import offset, own_servers

_FIRST_PORT: Final = 29_400
_PORT_OFFSET: Final = 22_000
_WITHOUT: Final = ("simulateur", "export-parcoursup", "acces-api")
_SHOWN: Final = 5

# Relays in two processes: one takes over where the other was killed.
PROCESSES: Final = (
    *(spec for spec in FLEET if spec.name not in _WITHOUT),
    ProcessSpec("enrich-relay", "services.enrich", "relay", 8032),
)
CONSUMERS: Final = {
    "collect-consumer": "collect",
    "enrich-consumer": "enrich",
    "search-indexer": "search",
    "export-consumer": "export",
}
# What only decides how long a test waits for something to expire, or has to interrupt it.
_PACE: Final = {
    "CATALOGUE_BAIL_S": "3",
    "CATALOGUE_REPRISE_MAX_S": "4",
    "CATALOGUE_SESSION_S": "6",
    "CATALOGUE_IDEMPOTENCE_ATTENTE_S": "1",
    "CATALOGUE_RECONSTRUCTION_BAIL_S": "3",
    "CATALOGUE_RECALCUL_LOT": "50",
    "CATALOGUE_RECALCUL_PAUSE_S": "0.2",
    "CATALOGUE_DEBIT_PAR_SECONDE": "100000",
    "CATALOGUE_DEBIT_RAFALE": "1000000",
}


@contextmanager
def installed(folder: Path) -> Iterator[tuple[Stack, Installation]]:
    """Start servers and services, loaded with the shipped references and rules."""
    with own_servers(folder / "serveurs", _FIRST_PORT) as stack:
        settings = RunSettings(
            dossier=folder / "catalogue",
            refdata=None,
            espace="chaos",
            decalage_ports=_PORT_OFFSET + offset(),
        )
        with Installation(settings, stack.addresses, specs=PROCESSES, extra=_PACE) as installation:
            yield stack, installation


class Product:
    """All of it, as a test breaks it and looks at it."""

    def __init__(self, stack: Stack, installation: Installation, mongo: Client) -> None:
        self.stack = stack
        self.installation = installation
        self.fleet: Fleet = installation.fleet
        self.settings: KernelSettings = installation.kernel
        self.store = Store(mongo, self.settings)

    @classmethod
    @asynccontextmanager
    async def opened(cls, stack: Stack, installation: Installation) -> AsyncIterator["Product"]:
        """Give it whole: what an earlier test left broken is started again."""
        async with connect(installation.kernel) as mongo:
            product = cls(stack, installation, mongo)
            await product.restore()
            yield product

    async def restore(self) -> None:
        """Start every server and process that does not run; return once all are ready."""
        for server in ("mongo", "kafka", "elasticsearch"):
            if not self.stack.is_running(server):
                await asyncio.to_thread(self.stack.start_server, server)
        self.fleet.start()  # on the main thread, whose end is theirs
        await self.ready()

    async def ready(self, *names: str) -> None:
        """Return once the named processes, or all, are ready."""
        await asyncio.to_thread(self.fleet.wait_ready, *names)

    async def revive(self, name: str) -> None:
        """Start a process that was killed or stopped; return once it is ready."""
        self.fleet.start(name)
        await self.ready(name)

    async def stop(self, *names: str) -> None:
        """Stop processes as an operator does."""
        await asyncio.to_thread(self.fleet.stop, *names)

    @asynccontextmanager
    async def client(self, process: str, role: Role) -> AsyncIterator[httpx.AsyncClient]:
        """Give a client of a process with the key of a role."""
        headers = {"Authorization": f"Bearer {self.installation.keys[role]}"}
        async with httpx.AsyncClient(
            base_url=self.fleet.url(process), headers=headers, timeout=60
        ) as opened:
            yield opened

    def services(self) -> Services:
        """Return the four services as the reconciler sees them; the caller closes it."""
        return Services(self.settings, self.installation.keys[Role.ADMINISTRATEUR])

    async def differences(self) -> list[str]:
        """Return what the reconciler finds: which offer, between which stores, how."""
        return await asyncio.to_thread(self._differences)

    async def agree(self, deadline: float = 60.0) -> None:
        """Return once the reconciler finds no difference between the four stores."""

        async def agreed() -> bool:
            found = await self.differences()
            assert not found, f"{len(found)} écarts entre les magasins : {found[:_SHOWN]}"
            return True

        await eventually(agreed, deadline=deadline, every=0.5)

    async def metric(self, process: str, name: str, **labels: str) -> float:
        """Return the sum of a metric over the series that bear these labels; 0 without any."""
        async with httpx.AsyncClient(base_url=self.fleet.url(process), timeout=10) as client:
            text = (await client.get("/metrics")).raise_for_status().text
        return sum(
            sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            if sample.name == name and labels.items() <= sample.labels.items()
        )

    async def consumed(self, process: str, topic: Topic) -> int:
        """Return how many records of a topic a consumer has committed since it started."""
        labels = {"group": self.group(process), "topic": topic.name}
        return int(await self.metric(process, "catalogue_consumer_records_total", **labels))

    def group(self, process: str) -> str:
        """Return the consumer group of a process."""
        return naming.group(self.settings, CONSUMERS[process])

    async def command(self, *arguments: str) -> tuple[int, str]:
        """Run `catalogue` as an administrator does; return its exit code and all that it said."""
        key = self.installation.keys[Role.ADMINISTRATEUR]
        said = {"CATALOGUE_CLE_ADMIN": key, "COLUMNS": "250"}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "services.cli", *arguments),
            env={**os.environ, **self.fleet.environment, **said},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
        return process.returncode or 0, output.decode()

    def log(self, process: str) -> list[str]:
        """Return the lines that a process has logged."""
        path = self.fleet.logs / f"{process}.log"
        return path.read_text(errors="replace").splitlines()

    def _differences(self) -> list[str]:
        services = self.services()
        try:
            _, found = compare(services)
        except (Refused, httpx.TransportError) as error:
            raise AssertionError(f"les magasins ne peuvent être comparés : {error!r}") from error
        finally:
            services.close()
        return [f"{e.id} {e.lien.source}→{e.lien.suivant} {e.nature}" for e in found]
