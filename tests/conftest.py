"""What every kind of test may ask for."""

from collections.abc import Iterator

import pytest

from deploy.local.config import Addresses
from tests.support.servers import real_servers


@pytest.fixture(scope="session")
def servers() -> Iterator[Addresses]:
    """The addresses of Kafka, MongoDB and Elasticsearch, running; one stack a session."""
    with real_servers() as addresses:
        yield addresses
