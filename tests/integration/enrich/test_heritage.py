"""Inheriting across a succession on a real MongoDB: as in memory, whoever acts at the same time."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar, cast

import httpx
import pytest

from services.enrich.adapters.mongo import MongoFormations
from services.enrich.ports import Formations, Transaction
from services.kernel.mongo import Client, Database
from services.kernel.outbox import Outbox
from tests.unit.enrich.lignee import (
    AUTEUR,
    AUTRE_UAI,
    DE_LA_SOURCE,
    UAI,
    appliquer,
    corriger,
    evenements,
    recalculer,
    renoncer,
    tete,
    uai,
)
from tests.unit.enrich.magasin import Magasin

pytestmark = pytest.mark.integration

T = TypeVar("T")
A, B, C = (evenements()[nom] for nom in "ABC")


@pytest.mark.parametrize("graine", range(3))
async def test_a_lineage_ends_as_it_does_in_memory(
    formations: MongoFormations, graine: int
) -> None:
    magasin = Magasin()
    for lieu in (formations, magasin):
        await _vivre(lieu, random.Random(graine))

    for nom in "ABC":
        assert await tete(formations, nom) == await tete(magasin, nom)
        assert await uai(formations, nom) == await uai(magasin, nom)


async def _vivre(formations: Formations, hasard: random.Random) -> None:
    """Have three offers replace one another in some order, while people decide and tables move."""
    await appliquer(formations, A[0], B[0], C[0])
    await corriger(formations, "A", uai_formation=UAI)
    reste = {"A": A[1:], "B": B[1:], "C": C[1:]}
    while reste:
        nom = hasard.choice(sorted(reste))
        await appliquer(formations, reste[nom].pop(0))
        reste = {un: suite for un, suite in reste.items() if suite}
        if hasard.random() < 0.3:
            await recalculer(formations)
    await corriger(formations, "A", uai_formation=AUTRE_UAI)
    await renoncer(formations, hasard.choice("BC"))
    await appliquer(formations, *A, *B, *C)


async def test_an_edit_made_while_a_succession_is_settled_is_inherited(
    formations: MongoFormations,
) -> None:
    await appliquer(formations, A[0], B[0])
    await appliquer(formations, A[1])
    attend = _Suspendues(formations)
    lot = asyncio.create_task(appliquer(attend, B[1]))
    await attend.lue.wait()
    await corriger(formations, "A", uai_formation=UAI)
    attend.suite.set()
    await lot

    assert await uai(formations, "B") == UAI


async def test_both_ends_at_once_are_settled_once(
    mongo: Client, database: Database, outbox: Outbox, formations: MongoFormations
) -> None:
    await appliquer(formations, A[0], B[0])
    await corriger(formations, "A", uai_formation=UAI)
    autre_processus = MongoFormations(mongo, database, outbox)
    await asyncio.gather(appliquer(formations, A[1]), appliquer(autre_processus, B[1]))

    assert await uai(formations, "B") == UAI
    assert await database["historique"].count_documents({"detail.herite_de": "A"}) == 1


async def test_what_is_inherited_is_told_with_its_origin(
    formations: MongoFormations,
    client: httpx.AsyncClient,
    administrateur: dict[str, str],
    lecteur: dict[str, str],
) -> None:
    await appliquer(formations, A[0], B[0])
    await corriger(formations, "A", uai_formation=UAI)
    await appliquer(formations, A[1], B[1])

    vue = (await client.get("/v1/formations/B", headers=lecteur)).json()
    heritee = vue["editions"]["uai_formation"]
    assert (heritee["heritee_de"], heritee["auteur"]) == ("A", None)
    assert (heritee["source"], heritee["en_conflit"]) == (DE_LA_SOURCE["B"], False)
    lue = await client.get("/v1/formations/B/historique", headers=administrateur)
    entree = lue.json()["changements"][-1]
    assert (entree["cause"], entree["auteur"]) == ("succession", AUTEUR)
    assert entree["detail"]["herite_de"] == "A"


class _Suspendues:
    """`ports.Formations` where what settles a succession waits, once, between reading and writing.

    `lue` tells that it has read, `suite` lets it go on.
    """

    def __init__(self, formations: Formations) -> None:
        self._formations = formations
        self.lue = asyncio.Event()
        self.suite = asyncio.Event()

    async def transaction(self, travail: Callable[[Transaction], Awaitable[T]]) -> T:
        async def dans(transaction: Transaction) -> T:
            return await travail(cast("Transaction", _Suspendue(transaction, self)))

        return await self._formations.transaction(dans)


class _Suspendue:
    def __init__(self, transaction: Transaction, attente: _Suspendues) -> None:
        self._transaction = transaction
        self._attente = attente

    def __getattr__(self, nom: str) -> Any:  # noqa: ANN401 - whatever the port has
        return getattr(self._transaction, nom)

    async def regler(self, successions: Mapping[str, str], maintenant: datetime) -> None:
        self._attente.lue.set()
        await self._attente.suite.wait()
        await self._transaction.regler(successions, maintenant)
