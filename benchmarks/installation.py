"""One namespace of the product on running servers: services as processes, keys, the offers."""

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import httpx

from contracts.portees import Role
from deploy.local import Stack
from services.cli.run import preparation
from services.cli.run.deposit import offers_file
from services.cli.run.environment import environment
from services.cli.run.fleet import FLEET, Fleet, cpu_seconds
from services.cli.run.settings import RunSettings
from services.kernel.settings import KernelSettings

PORT_OFFSET: Final = 2_000
_NOT_MEASURED: Final = ("simulateur", "export-parcoursup", "enrich-api")


class Installation:
    """Started and ready as a context; its namespace is fresh, the servers stay."""

    keys: Mapping[Role, str]

    def __init__(self, stack: Stack, espace: str, folder: Path) -> None:
        """Start nothing yet."""
        self.stack = stack
        self.settings = RunSettings(
            dossier=folder / espace, espace=espace, decalage_ports=PORT_OFFSET
        )
        self.fleet = Fleet(
            environment={
                **environment(self.settings, stack.addresses),
                "CATALOGUE_DEBIT_PAR_SECONDE": "100000",
                "CATALOGUE_DEBIT_RAFALE": "1000000",
            },
            logs=folder / espace / "journaux",
            specs=[spec for spec in FLEET if spec.name not in _NOT_MEASURED],
            port_offset=PORT_OFFSET,
        )

    def __enter__(self) -> Self:
        self.settings.dossier.mkdir(parents=True, exist_ok=True)
        self.offers = offers_file(self.settings)
        self.keys = preparation.prepare(self.settings, self.fleet)
        self.kernel = KernelSettings()
        try:
            self.fleet.start()
            self.fleet.wait_ready()
        except BaseException:
            self.fleet.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.fleet.stop()

    def client(self, process: str, role: Role) -> httpx.Client:
        """Return a client of a process with the key of a role."""
        return httpx.Client(
            base_url=self.fleet.url(process),
            headers={"Authorization": f"Bearer {self.keys[role]}"},
            timeout=600.0,
        )

    def cpu(self) -> dict[str, float]:
        """Return the processor seconds used so far by each process and server."""
        servers = {str(name): cpu_seconds(pid) for name, pid in self.stack.pids().items()}
        return {**self.fleet.cpu_seconds(), **servers}

    def memory(self) -> dict[str, int]:
        """Return the peak memory of each process and server, in MiB."""
        servers = {str(name): size for name, size in self.stack.peak_memory_mb().items()}
        return {**self.fleet.peak_memory_mb(), **servers}
