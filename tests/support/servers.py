"""The real servers of a test session: those of the environment, else a stack of its own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from deploy.local import Ports, Stack, StackConfig
from deploy.local.config import Addresses

TEST_PORTS: Final = Ports(kafka=29092, kafka_controller=29093, mongo=29017, elastic=29200)
TEST_FOLDER: Final = Path(".local/tests")
_VARIABLES: Final = ("CATALOGUE_KAFKA", "CATALOGUE_MONGO", "CATALOGUE_ELASTIC")


@contextmanager
def real_servers() -> Iterator[Addresses]:
    """Give the addresses of running servers; what is started here ends here."""
    given = [os.environ.get(name) for name in _VARIABLES]
    if all(given):
        yield Addresses(*map(str, given))
        return
    with Stack(StackConfig(folder=TEST_FOLDER, ports=TEST_PORTS)) as stack:
        yield stack.addresses


@contextmanager
def own_servers(folder: Path, first_port: int) -> Iterator[Stack]:
    """Start a stack that a test may stop and kill, on four ports from `first_port` on."""
    ports = Ports(*range(first_port, first_port + 4))
    with Stack(StackConfig(folder=folder, ports=ports)) as stack:
        yield stack
