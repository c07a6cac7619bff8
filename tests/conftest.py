"""What every kind of test may ask for."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from deploy.local.config import Addresses
from tests.support.servers import real_servers

_HERE: Final = Path(__file__).parent
# Before a console is made: tables are as wide on a worker, which has no terminal.
os.environ.setdefault("COLUMNS", "160")


@pytest.hookimpl(tryfirst=True)  # before the groups are read
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep together, on one worker, the tests that share an installation or servers."""
    for item in items:
        kind, *rest = item.path.relative_to(_HERE).parts
        group = f"{kind}/{rest[0]}" if kind == "integration" else kind
        if kind != "unit":
            item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture(scope="session")
def servers() -> Iterator[Addresses]:
    """The addresses of Kafka, MongoDB and Elasticsearch, running; one stack a session."""
    with real_servers() as addresses:
        yield addresses
