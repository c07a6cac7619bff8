"""One operating system process that outlives, if need be, the object that started it."""

import json
import os
import select
import signal
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

GUARD = Path(__file__).with_name("guard.py")

# To the kernel "the parent dies" is the end of the thread that forked: this one lives as we do.
_SPAWNER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="local-stack-spawner")


@dataclass(frozen=True, slots=True)
class Process:
    """A process named by its id and its start, so that a reused id is never mistaken for it."""

    pid: int
    started: int
    detached: bool

    @classmethod
    def spawn(cls, command: Sequence[str], log: Path, *, detached: bool) -> Self:
        """Starts `command` in a session of its own, writing to the end of `log`.

        Unless `detached`, the kernel ends it when this Python process dies, however it dies.
        """
        pid = _SPAWNER.submit(_spawn, list(command) if detached else guarded(command), log).result()
        status = _status(pid)
        return cls(pid, status.started if status else 0, detached)

    @classmethod
    def read(cls, file: Path) -> Self | None:
        """The process that an earlier run wrote down, if it still lives."""
        try:
            process = cls(**json.loads(file.read_text("utf-8")))
        except (FileNotFoundError, json.JSONDecodeError, TypeError):
            return None
        return process if process.is_alive() else None

    def write(self, file: Path) -> None:
        unfinished = file.with_suffix(".tmp")
        fields = {"pid": self.pid, "started": self.started, "detached": self.detached}
        unfinished.write_text(json.dumps(fields), "utf-8")
        unfinished.replace(file)

    def is_alive(self) -> bool:
        status = _status(self.pid)
        return status is not None and status.started == self.started and status.state != "Z"

    def signal(self, number: signal.Signals) -> None:
        if self.is_alive():
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def wait(self, deadline: float) -> bool:
        """Whether it has ended, at the latest `deadline` seconds from now."""
        status = _status(self.pid)
        if status is not None and status.started == self.started:
            # Not is_alive: the first thread may be a zombie while the others still hold the ports.
            try:
                handle = os.pidfd_open(self.pid)
            except ProcessLookupError:
                return True
            try:
                ended, _, _ = select.select([handle], [], [], max(0.0, deadline))
            finally:
                os.close(handle)
            if not ended:
                return False
        with suppress(ChildProcessError):  # a leftover is not our child: nothing to reap
            os.waitpid(self.pid, os.WNOHANG)
        return True

    def stop(self, deadline: float) -> bool:
        """SIGTERM, and SIGKILL once `deadline` seconds are over; whether the first was enough."""
        self.signal(signal.SIGTERM)
        if self.wait(deadline):
            return True
        self.kill()
        return False

    def kill(self) -> None:
        """SIGKILL; returns once the process is gone."""
        self.signal(signal.SIGKILL)
        self.wait(10)

    def peak_memory_mb(self) -> int:
        """The most memory that was ever resident; 0 once it has ended."""
        with suppress(FileNotFoundError, ProcessLookupError):
            for line in Path(f"/proc/{self.pid}/status").read_text("utf-8").splitlines():
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) // 1024
        return 0


def guarded(command: Sequence[str]) -> list[str]:
    """The command that becomes `command`, ended by the kernel with the thread that starts it."""
    return [sys.executable, "-I", "-S", str(GUARD), str(os.getpid()), *command]


@dataclass(frozen=True, slots=True)
class _Status:
    state: str
    started: int


def _status(pid: int) -> _Status | None:
    try:
        text = Path(f"/proc/{pid}/stat").read_text("utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The command, in parentheses, may itself hold spaces and parentheses.
    fields = text.rpartition(")")[2].split()
    return _Status(state=fields[0], started=int(fields[19]))


def _spawn(command: list[str], log: Path) -> int:
    to_log = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, str(log), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]
    return os.posix_spawnp(command[0], command, os.environ, file_actions=to_log, setsid=True)
