"""A mass of `published: false` is held: on MongoDB, and told by the API."""

import httpx
import orjson
import pytest
import pytest_asyncio

from services.collect.adapters.mongo import MongoDepots, MongoOffres
from services.collect.settings import ApiSettings
from services.kernel.mongo import Client, Store
from services.kernel.outbox import Outbox
from services.kernel.settings import KernelSettings
from tests.integration.collect.conftest import Cle
from tests.support.offres import offre
from tests.support.suite_collect import Banc
from tests.support.suite_depublications import SuiteDepublications

pytestmark = pytest.mark.integration


class TestMongo(SuiteDepublications):
    """On MongoDB."""

    @pytest_asyncio.fixture
    async def banc(self, mongo: Client, store: Store, settings: KernelSettings) -> Banc:
        """Bring an empty database."""
        base = store.database("collect")
        offres = MongoOffres(mongo, base, Outbox(base, bytes_max=settings.outbox_octets_max))
        await offres.prepare()
        return Banc(offres, MongoDepots(base))


@pytest.fixture
def collect_settings(collect_settings: ApiSettings) -> ApiSettings:
    """Two offers at most without a word."""
    changes = {"depublications_max": 2, "depublications_part": 0.0}
    return collect_settings.model_copy(update=changes)


async def test_the_word_is_given_with_the_deposit(api: httpx.AsyncClient, cle: Cle) -> None:
    qui = {**await cle(), "Content-Type": "application/x-ndjson"}

    async def deposer(publiee: bool, **parametres: str) -> dict[str, int]:
        offres = [{**offre(n), "published": publiee} for n in range(1, 4)]
        corps = b"".join(orjson.dumps(une, option=orjson.OPT_APPEND_NEWLINE) for une in offres)
        reponse = await api.post("/v1/depots", content=corps, headers=qui, params=parametres)
        assert reponse.status_code == 202, reponse.text
        return {nom: n for nom, n in reponse.json()["lignes"].items() if n}

    await deposer(publiee=True)
    assert await deposer(publiee=False) == {"recues": 3, "refusees": 3}
    admise = await deposer(publiee=False, depublication="true")
    assert admise == {"recues": 3, "acceptees": 3}
