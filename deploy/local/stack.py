"""The three real servers of the catalogue as plain processes of this machine."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self, TypeVar, get_args

from deploy.local.config import Addresses, StackConfig
from deploy.local.errors import StackError
from deploy.local.jdk import find_jdk
from deploy.local.lock import FolderLock
from deploy.local.member import Member, pid_file
from deploy.local.process import Process
from deploy.local.servers.base import Server, ServerName
from deploy.local.servers.elasticsearch import Elasticsearch
from deploy.local.servers.kafka import Kafka
from deploy.local.servers.mongo import Mongo

T = TypeVar("T")

SERVER_NAMES: tuple[ServerName, ...] = get_args(ServerName)


class Stack:
    """Starts, stops and, for fault tests, kills real Kafka, MongoDB and Elasticsearch.

    Every call blocks until what it says is true (from a coroutine: `asyncio.to_thread`). The
    servers end with this process, however it ends, unless they were started detached. Data stays
    in `config.folder` between runs. Every failure is a StackError whose message is for the user.
    """

    def __init__(self, config: StackConfig) -> None:
        self.config = config
        self._lock = FolderLock(config.folder)
        self._members: dict[ServerName, Member] = {}
        self._detached = False

    @property
    def addresses(self) -> Addresses:
        return self.config.addresses

    def start(self, *, detached: bool = False) -> Addresses:
        """All three, side by side; returns once all serve, and leaves none behind if one does not.

        What a killed run left in the folder is ended first. A detached stack there is an error.
        """
        self._lock.acquire()
        try:
            self._clear_leftovers()
            self._detached = detached
            self._members = {
                server.name: Member(server, self.config.folder) for server in _servers(self.config)
            }
            self._turn_logs()
            _in_parallel(self._start_member, self._members.values())
        except BaseException:
            self.stop()
            raise
        if detached:
            self._lock.release()
        return self.addresses

    def stop(self) -> None:
        """SIGTERM to what this object started, SIGKILL to what has not ended at the deadline."""
        try:
            _in_parallel(
                lambda member: member.stop(self.config.stop_deadline), self._members.values()
            )
        finally:
            self._lock.release()

    def start_server(self, name: ServerName) -> None:
        self._start_member(self._members[name])

    def stop_server(self, name: ServerName) -> None:
        self._members[name].stop(self.config.stop_deadline)

    def kill(self, name: ServerName) -> None:
        """SIGKILL, as a crash would; returns once it is gone."""
        self._members[name].kill()

    def restart(self, name: ServerName) -> None:
        self.stop_server(name)
        self.start_server(name)

    def is_running(self, name: ServerName) -> bool:
        return name in self._members and self._members[name].is_running

    def pids(self) -> dict[ServerName, int]:
        """The process id of each running server."""
        running = ((name, member.process) for name, member in self._members.items())
        return {name: process.pid for name, process in running if process is not None}

    def peak_memory_mb(self) -> dict[ServerName, int]:
        """The most memory that each running server ever had resident."""
        running = ((name, member.process) for name, member in self._members.items())
        return {name: process.peak_memory_mb() for name, process in running if process is not None}

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _start_member(self, member: Member) -> None:
        member.start(self.config.start_deadline, detached=self._detached)

    def _clear_leftovers(self) -> None:
        left = leftovers(self.config)
        if any(process.detached for process in left.values()):
            raise StackError(
                f"Des serveurs détachés tournent déjà dans {self.config.folder} :"
                " arrêtez-les d'abord (make stop)."
            )
        end(self.config, left)

    def _turn_logs(self) -> None:
        for member in self._members.values():
            if member.log.is_file():
                member.log.replace(member.log.with_suffix(".precedent.log"))


def leftovers(config: StackConfig) -> dict[ServerName, Process]:
    """The servers of this folder that live though the object that started them may not."""
    read = ((name, Process.read(pid_file(config.folder, name))) for name in SERVER_NAMES)
    return {name: process for name, process in read if process is not None}


def end(config: StackConfig, left: dict[ServerName, Process]) -> None:
    _in_parallel(lambda process: process.stop(config.stop_deadline), left.values())
    for name in left:
        pid_file(config.folder, name).unlink(missing_ok=True)


def _servers(config: StackConfig) -> list[Server]:
    jdk = find_jdk()
    return [Kafka.build(config, jdk), Mongo.build(config), Elasticsearch.build(config, jdk)]


def _in_parallel(action: Callable[[T], object], items: Iterable[T]) -> None:
    """Runs `action` on each item at once, waits for all, then raises the first failure if any."""
    with ThreadPoolExecutor(max_workers=len(SERVER_NAMES)) as pool:
        for done in [pool.submit(action, item) for item in items]:
            done.result()
