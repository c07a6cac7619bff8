"""An installation under measure: no process that the measure does not need, no rate limit."""

from pathlib import Path
from typing import Final

from deploy.local import Stack
from services.cli.run.deposit import offers_file
from services.cli.run.fleet import FLEET, cpu_seconds
from services.cli.run.installation import Installation
from services.cli.run.settings import RunSettings

PORT_OFFSET: Final = 2_000
_MEASURED: Final = (
    "collect-api",
    "collect-consumer",
    "enrich-consumer",
    "search-indexer",
    "search-api",
    "export-consumer",
    "export-api",
)


class Measured(Installation):
    """Its namespace is fresh; the servers stay from one to the next."""

    def __init__(self, stack: Stack, espace: str, folder: Path) -> None:
        """Start nothing yet."""
        super().__init__(
            RunSettings(dossier=folder / espace, espace=espace, decalage_ports=PORT_OFFSET),
            stack.addresses,
            specs=[spec for spec in FLEET if spec.name in _MEASURED],
            extra={
                "CATALOGUE_DEBIT_PAR_SECONDE": "100000",
                "CATALOGUE_DEBIT_RAFALE": "1000000",
            },
        )
        self.stack = stack

    def prepare(self) -> None:
        """Prepare the offers too, so that this is not measured."""
        super().prepare()
        self.offers = offers_file(self.settings)

    def cpu(self) -> dict[str, float]:
        """Return the processor seconds used so far by each process and server."""
        servers = {str(name): cpu_seconds(pid) for name, pid in self.stack.pids().items()}
        return {**self.fleet.cpu_seconds(), **servers}

    def memory(self) -> dict[str, int]:
        """Return the peak memory of each process and server, in MiB."""
        servers = {str(name): size for name, size in self.stack.peak_memory_mb().items()}
        return {**self.fleet.peak_memory_mb(), **servers}
