"""The real servers of a test session: those of the environment, else a stack of its own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from deploy.local import Ports, Stack, StackConfig
from deploy.local.config import Addresses

_TEST_PORTS: Final = (29_092, 29_093, 29_017, 29_200)
_TEST_FOLDER: Final = Path(".local/tests")
_WORKER_PORTS: Final = 1_000  # what lies between the ports of two workers
_VARIABLES: Final = ("CATALOGUE_KAFKA", "CATALOGUE_MONGO", "CATALOGUE_ELASTIC")


@contextmanager
def real_servers() -> Iterator[Addresses]:
    """Give the addresses of running servers; what is started here ends here.

    Each worker of a session in parallel has servers of its own.
    """
    given = [os.environ.get(name) for name in _VARIABLES]
    if all(given):
        yield Addresses(*map(str, given))
        return
    ports = Ports(*(port + worker_offset() for port in _TEST_PORTS))
    with Stack(StackConfig(folder=_TEST_FOLDER / _worker(), ports=ports)) as stack:
        yield stack.addresses


@contextmanager
def own_servers(folder: Path, first_port: int) -> Iterator[Stack]:
    """Start a stack that a test may stop and kill, on four ports from `first_port` on.

    Those of a worker of a session in parallel lie as far off as its servers.
    """
    first = first_port + worker_offset()
    ports = Ports(*range(first, first + 4))
    with Stack(StackConfig(folder=folder, ports=ports)) as stack:
        yield stack


def worker_offset() -> int:
    """Return what this worker's ports are shifted by: 0 when there is but one."""
    return int(_worker().removeprefix("gw")) * _WORKER_PORTS


def _worker() -> str:
    return os.environ.get("PYTEST_XDIST_WORKER", "gw0")
