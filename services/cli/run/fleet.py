"""The service processes of one machine: start, readiness, peak memory, orderly stop.

`catalogue run`, the end-to-end tests and the benchmarks meet the same processes.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from deploy.local.ports import is_free
from deploy.local.process import guarded

READY_PATH = "/pret"
STOP_GRACE_S = 20.0


@dataclass(frozen=True, slots=True)
class ProcessSpec:
    """One process: `python -m <module> <command>`, answering its health on `port`."""

    name: str
    module: str
    command: str | None
    port: int


FLEET: tuple[ProcessSpec, ...] = (
    ProcessSpec("simulateur", "services.simulateur", None, 8009),
    ProcessSpec("collect-api", "services.collect", "api", 8001),
    ProcessSpec("collect-consumer", "services.collect", "consumer", 8011),
    ProcessSpec("enrich-consumer", "services.enrich", "consumer", 8012),
    ProcessSpec("enrich-api", "services.enrich", "api", 8002),
    ProcessSpec("search-indexer", "services.search", "indexer", 8013),
    ProcessSpec("search-api", "services.search", "api", 8003),
    ProcessSpec("export-consumer", "services.export", "consumer", 8014),
    ProcessSpec("export-api", "services.export", "api", 8004),
    ProcessSpec("acces-api", "services.acces", "api", 8005),
    ProcessSpec("export-parcoursup", "services.export", "parcoursup", 8024),
)


class ProcessFailed(RuntimeError):
    """A process ended, or was not ready in time; the message carries the end of its log."""


@dataclass
class Fleet:
    """Processes sharing one environment; each writes its log to `logs/<name>.log`.

    `port_offset` moves every port, so that several fleets can live on one machine.
    """

    environment: Mapping[str, str]
    logs: Path
    specs: Sequence[ProcessSpec] = FLEET
    port_offset: int = 0
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def spec(self, name: str) -> ProcessSpec:
        """Return the specification of a process by its name."""
        return next(spec for spec in self.specs if spec.name == name)

    def url(self, name: str) -> str:
        """Return the address of a process, without a trailing slash."""
        return f"http://127.0.0.1:{self.spec(name).port + self.port_offset}"

    def start(self, *names: str) -> None:
        """Start the named processes, or all of them; those that run already are left alone.

        Raises:
            ProcessFailed: another program has the port of one; then none was started.
        """
        self.require_ports(*names)
        self.logs.mkdir(parents=True, exist_ok=True)
        for spec in self._absent(names):
            self._running[spec.name] = self._spawn(spec)

    def require_ports(self, *names: str) -> None:
        """Raise `ProcessFailed` when another program has the port of a process to start.

        Its answers could be taken for those of the process: two runs on one machine.
        """
        for spec in self._absent(names):
            port = spec.port + self.port_offset
            if not is_free(port):
                raise ProcessFailed(
                    f"Le port {port} ({spec.name}) est déjà pris par un autre programme : "
                    "libérez-le, ou décalez les ports de tous les services, par exemple avec "
                    "CATALOGUE_DECALAGE_PORTS=1000."
                )

    def wait_ready(self, *names: str, deadline_s: float = 60.0) -> None:
        """Return once each named process, or all, answers ready.

        Raises:
            ProcessFailed: one ended, or was not ready within the deadline.
        """
        until = time.monotonic() + deadline_s
        with httpx.Client(timeout=2.0) as client:
            for spec in self.specs:
                if names and spec.name not in names:
                    continue
                while not self._is_ready(client, spec):
                    if not self.is_running(spec.name):
                        raise ProcessFailed(f"{spec.name} s'est arrêté.\n{self.tail(spec.name)}")
                    if time.monotonic() > until:
                        raise ProcessFailed(
                            f"{spec.name} n'est pas prêt après {deadline_s:.0f} s.\n"
                            f"{self.tail(spec.name)}"
                        )
                    time.sleep(0.1)

    def is_running(self, name: str) -> bool:
        """Tell whether the process was started here and has not ended."""
        process = self._running.get(name)
        return process is not None and process.poll() is None

    def pid(self, name: str) -> int:
        """Return the process id of a started process."""
        return self._running[name].pid

    def kill(self, name: str) -> None:
        """End a process at once, as a crash would (SIGKILL)."""
        self._running[name].kill()
        self._running.pop(name).wait()

    def stop(self, *names: str) -> None:
        """End the named processes, or all: SIGTERM, then SIGKILL for one that does not obey."""
        chosen = [name for name in self._running if not names or name in names]
        for name in chosen:
            self._running[name].send_signal(signal.SIGTERM)
        until = time.monotonic() + STOP_GRACE_S
        for name in chosen:
            process = self._running.pop(name)
            try:
                process.wait(timeout=max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def ended(self) -> list[str]:
        """Return the names of started processes that ended by themselves."""
        return [name for name in self._running if not self.is_running(name)]

    def tail(self, name: str, lines: int = 15) -> str:
        """Return the last lines of a process's log."""
        path = self.logs / f"{name}.log"
        text = path.read_text(errors="replace") if path.exists() else ""
        return "\n".join(text.splitlines()[-lines:])

    def peak_memory_mb(self) -> dict[str, int]:
        """Return the peak resident memory of each running process, in MiB."""
        return {
            name: peak_memory_mb(process.pid)
            for name, process in self._running.items()
            if process.poll() is None
        }

    def cpu_seconds(self) -> dict[str, float]:
        """Return the processor time used so far by each running process."""
        return {
            name: cpu_seconds(process.pid)
            for name, process in self._running.items()
            if process.poll() is None
        }

    def _absent(self, names: Sequence[str]) -> list[ProcessSpec]:
        return [
            spec
            for spec in self.specs
            if (not names or spec.name in names) and not self.is_running(spec.name)
        ]

    def _spawn(self, spec: ProcessSpec) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", spec.module, *([spec.command] if spec.command else [])]
        with (self.logs / f"{spec.name}.log").open("ab") as log:
            return subprocess.Popen(
                guarded(command),  # ends with its parent, even one that was killed
                env={
                    **os.environ,
                    **self.environment,
                    "CATALOGUE_PORT": str(spec.port + self.port_offset),
                },
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # a Ctrl-C reaches the parent alone, which stops in order
            )

    def _is_ready(self, client: httpx.Client, spec: ProcessSpec) -> bool:
        try:
            return client.get(f"{self.url(spec.name)}{READY_PATH}").is_success
        except httpx.TransportError:
            return False


def peak_memory_mb(pid: int) -> int:
    """Return the peak resident memory of a process in MiB (0 once it is gone)."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    line = next((line for line in status.splitlines() if line.startswith("VmHWM:")), "VmHWM: 0")
    return int(line.split()[1]) // 1024


def cpu_seconds(pid: int) -> float:
    """Return user and system time of a process in seconds (0 once it is gone)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
