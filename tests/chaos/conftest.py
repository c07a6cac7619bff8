"""One product for all these tests, on servers that they may stop and kill; whole at each start."""

import os
import random
import sys
from collections.abc import AsyncIterator, Iterator
from zlib import crc32

import pytest
import pytest_asyncio

from deploy.local import Stack
from services.cli.run.installation import Installation
from tests.support.product import Product, installed


@pytest.fixture(scope="package")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stack, Installation]]:
    """Servers and services that no other test uses."""
    with installed(tmp_path_factory.mktemp("chaos")) as running:
        yield running


@pytest_asyncio.fixture
async def product(ground: tuple[Stack, Installation]) -> AsyncIterator[Product]:
    """The product, every part of it running."""
    async with Product.opened(*ground) as whole:
        yield whole


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """The chance of one test: the same at each run, another with CATALOGUE_GRAINE."""
    seed = os.environ.get("CATALOGUE_GRAINE") or crc32(request.node.name.encode())
    sys.stdout.write(f"{request.node.name} : CATALOGUE_GRAINE={seed}\n")
    return random.Random(int(seed))
