"""One namespace of the product on running servers: everything in place, services as processes."""

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

import httpx

from contracts.portees import Role
from deploy.local import Addresses
from services.cli.run import preparation
from services.cli.run.environment import environment
from services.cli.run.fleet import FLEET, Fleet, ProcessSpec
from services.cli.run.settings import RunSettings
from services.kernel.settings import KernelSettings

_TIMEOUT = httpx.Timeout(30.0, read=600.0)


class Installation:
    """Prepared, started and ready as a context; what was started here is stopped at its end.

    `extra` are further CATALOGUE_* variables for the processes. The servers are the caller's.
    """

    keys: Mapping[Role, str]

    def __init__(
        self,
        settings: RunSettings,
        addresses: Addresses,
        *,
        specs: Sequence[ProcessSpec] = FLEET,
        extra: Mapping[str, str] | None = None,
    ) -> None:
        """Start nothing yet."""
        variables = {**environment(settings, addresses), **(extra or {})}
        self.settings = settings
        self.fleet = Fleet(
            environment=variables,
            logs=settings.dossier / "journaux",
            specs=specs,
            port_offset=settings.decalage_ports,
        )
        self.values = {
            name.removeprefix("CATALOGUE_").lower(): value for name, value in variables.items()
        }

    @property
    def kernel(self) -> KernelSettings:
        """The settings that all its processes share."""
        return KernelSettings.model_validate(self.values)

    def prepare(self) -> None:
        """Bring topics, index, references, rules and keys in place; see `preparation`."""
        self.keys = preparation.prepare(self.settings, self.fleet, self.kernel)

    def start(self) -> None:
        """Start all processes and return once all are ready; raises `ProcessFailed`."""
        try:
            self.fleet.start()
            self.fleet.wait_ready()
            self._load_rules()
        except BaseException:
            self.fleet.stop()
            raise

    def _load_rules(self) -> None:
        with self.client("export-api", Role.ADMINISTRATEUR) as export:
            if export.get("/v1/regles").raise_for_status().json()["nombre"] == 0:
                rules = preparation.rules(self.settings)
                export.put("/v1/regles", json=rules).raise_for_status()

    def client(self, process: str, role: Role) -> httpx.Client:
        """Return a client of a process with the key of a role; the caller closes it."""
        headers = {"Authorization": f"Bearer {self.keys[role]}"}
        return httpx.Client(base_url=self.fleet.url(process), headers=headers, timeout=_TIMEOUT)

    def __enter__(self) -> Self:
        self.prepare()
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.fleet.stop()
