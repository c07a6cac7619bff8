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
_HALVES: Final = 1_000  # what lies between the ports of two sessions at once
_VARIABLES: Final = ("CATALOGUE_KAFKA", "CATALOGUE_MONGO", "CATALOGUE_ELASTIC")


@contextmanager
def real_servers() -> Iterator[Addresses]:
    """Give the addresses of running servers; what is started here ends here.

    Of two sessions at once (`CATALOGUE_TESTS_RANG` 0 and 1) each has servers of its own.
    """
    given = [os.environ.get(name) for name in _VARIABLES]
    if all(given):
        yield Addresses(*map(str, given))
        return
    ports = Ports(*(port + offset() for port in _TEST_PORTS))
    with Stack(StackConfig(folder=_TEST_FOLDER / _rang(), ports=ports)) as stack:
        yield stack.addresses


@contextmanager
def own_servers(folder: Path, first_port: int) -> Iterator[Stack]:
    """Start a stack that a test may stop and kill, on four ports from `first_port` on.

    Those of the second of two sessions lie as far off as its servers.
    """
    first = first_port + offset()
    ports = Ports(*range(first, first + 4))
    with Stack(StackConfig(folder=folder, ports=ports)) as stack:
        yield stack


def offset() -> int:
    """Return what this session's ports are shifted by: 0 when there is but one."""
    return int(_rang()) * _HALVES


def _rang() -> str:
    return os.environ.get("CATALOGUE_TESTS_RANG", "0")
