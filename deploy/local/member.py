import time
from contextlib import suppress
from pathlib import Path

from deploy.local.errors import StackError
from deploy.local.ports import require_free
from deploy.local.process import Process
from deploy.local.servers.base import Server

POLL_SECONDS = 0.05


class Member:
    """One server of the stack, with the process that runs it."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.server = server
        self.log = folder / "journaux" / f"{server.name}.log"
        self._pid_file = pid_file(folder, server.name)
        self._process: Process | None = None

    @property
    def process(self) -> Process | None:
        return self._process

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.is_alive()

    def start(self, deadline: float, *, detached: bool) -> None:
        """Returns once the server serves; else raises StackError with the end of its log."""
        if self.is_running:
            return
        for setting, port in self.server.ports.items():
            require_free(port, self.server.title, setting)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.server.prepare()
        self._process = Process.spawn(self.server.command(), self.log, detached=detached)
        self._process.write(self._pid_file)
        self._wait_healthy(self._process, time.monotonic() + deadline)

    def stop(self, deadline: float) -> None:
        if self._process is None:
            return
        clean = self._process.stop(deadline)
        if clean and self.server.archive is not None:
            self.server.archive.publish()
        self._forget()

    def kill(self) -> None:
        """SIGKILL, as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._forget()

    def _forget(self) -> None:
        self._process = None
        self._pid_file.unlink(missing_ok=True)

    def _wait_healthy(self, process: Process, until: float) -> None:
        while not self.server.is_healthy():
            if not process.is_alive():
                raise StackError(
                    f"{self.server.title} s'est arrêté au démarrage.{self._last_words()}"
                )
            if time.monotonic() > until:
                raise StackError(f"{self.server.title} ne répond pas à temps.{self._last_words()}")
            time.sleep(POLL_SECONDS)

    def _last_words(self) -> str:
        lines: list[str] = []
        with suppress(FileNotFoundError):
            lines = self.log.read_text("utf-8", errors="replace").splitlines()[-20:]
        return "\n".join([f" Fin de {self.log} :", *lines])


def pid_file(folder: Path, name: str) -> Path:
    return folder / f"{name}.pid"
