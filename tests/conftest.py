"""What every kind of test may ask for."""

import os
from collections.abc import Iterator

import pytest

from deploy.local.config import Addresses
from tests.support.servers import real_servers

# Before a console is made: tables are as wide where there is no terminal.
os.environ.setdefault("COLUMNS", "160")


@pytest.fixture(scope="session")
def servers() -> Iterator[Addresses]:
    """The addresses of Kafka, MongoDB and Elasticsearch, running; one stack a session."""
    with real_servers() as addresses:
        yield addresses
