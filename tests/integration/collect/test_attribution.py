"""Clés attributed at the same time, on MongoDB: each offer gets its own, once."""

import asyncio

import pytest
import pytest_asyncio

from contracts.evenements import StatutLigne
from services.collect.adapters.mongo import MongoDepots, MongoOffres
from services.kernel.mongo import Client, Store
from services.kernel.outbox import Outbox
from services.kernel.settings import KernelSettings
from tests.support.suite_collect import Banc, sans_cle

pytestmark = pytest.mark.integration

DEPOTS = 6
LIGNES = 4


@pytest_asyncio.fixture
async def banc(mongo: Client, store: Store, settings: KernelSettings) -> Banc:
    """Bring an empty database."""
    base = store.database("collect")
    offres = MongoOffres(mongo, base, Outbox(base, bytes_max=settings.outbox_octets_max))
    await offres.prepare()
    return Banc(offres, MongoDepots(base))


async def test_deposits_at_the_same_time_never_share_an_attributed_cle(banc: Banc) -> None:
    livraisons = [
        [sans_cle(LIGNES * depot + ligne) for ligne in range(LIGNES)] for depot in range(DEPOTS)
    ]

    depots = await asyncio.gather(*[banc.deposer(*livraison) for livraison in livraisons])

    ids = [ligne.offre or "" for depot in depots for ligne in await banc.lignes(depot)]
    tenues = [await banc.offres.par_id(id_) for id_ in ids]
    assert len(set(ids)) == DEPOTS * LIGNES
    assert len({tenue.cle for tenue in tenues if tenue}) == DEPOTS * LIGNES
    encore = await asyncio.gather(*[banc.deposer(*livraison) for livraison in livraisons])
    statuts = {statut for depot in encore for statut in await banc.statuts(depot)}
    assert statuts == {StatutLigne.IDENTIQUE}
