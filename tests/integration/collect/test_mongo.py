"""The behaviour suite of collect, on MongoDB."""

import pytest
import pytest_asyncio

from services.collect.adapters.mongo import MongoDepots, MongoOffres
from services.kernel.mongo import Client, Store
from services.kernel.outbox import Outbox
from services.kernel.settings import KernelSettings
from tests.support.suite_collect import Banc, SuiteCollect

pytestmark = pytest.mark.integration


class TestMongo(SuiteCollect):
    """On MongoDB."""

    @pytest_asyncio.fixture
    async def banc(self, mongo: Client, store: Store, settings: KernelSettings) -> Banc:
        """Bring an empty database."""
        base = store.database("collect")
        offres = MongoOffres(mongo, base, Outbox(base, bytes_max=settings.outbox_octets_max))
        await offres.prepare()
        return Banc(offres, MongoDepots(base))
