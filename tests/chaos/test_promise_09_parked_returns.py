"""Promise 9: what was parked returns once its cause is mended, and has its effect once.

The cause is a store that refuses some documents, as a mistaken setting makes it: records are then
set aside by enrich (topic offres), export (formations) and search (formations and publications).
"""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

import pytest

from contracts.portees import Role
from contracts.topics import FORMATIONS, OFFRES, PUBLICATIONS
from services.kernel import naming
from services.kernel.rebuts import ParkedEntry, list_parked
from tests.support.depositor import Depositor
from tests.support.exemple import DES_DEUX_PLATEFORMES, Offre, nouvelle, nouvelles
from tests.support.polling import eventually
from tests.support.product import Product
from tests.support.stores import elastic, ids_of, indexed, sequences

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(180)]

SOUND: Final = 60
BAD: Final = 5
REFUSED: Final = "666"


async def test_enrich_and_export(product: Product) -> None:
    for database, field, topic in (
        ("catalogue", "formation.capacite", OFFRES),
        ("export", "projection.capacite", FORMATIONS),
    ):
        bad, known = _bad(), await _known(product)
        async with _validator(product, database, {field: {"$ne": REFUSED}}):
            ids = await _deposited(product, [*nouvelles(SOUND), *bad], bad)
            parked = await _parked(product, known, {topic.name: BAD})
            held = product.store.database(database)["formations"]
            assert await held.count_documents({"_id": {"$in": ids}}) == 0

        await _redriven(product, parked)
        assert set((await _states(product, ids)).values()) == {1}


async def test_search(product: Product) -> None:
    await product.agree()
    bad, known = _bad(), await _known(product)
    async with _write_block(product):
        ids = await _deposited(product, bad, bad)
        parked = await _parked(product, known, {FORMATIONS.name: BAD, PUBLICATIONS.name: BAD})
        assert await indexed(product, ids) == {}

    await _redriven(product, parked)
    written = {id_: document["version"] for id_, document in (await indexed(product, ids)).items()}
    assert written.keys() == set(ids)
    assert max(written.values()) <= 2, f"écrits plus d'une fois par partie : {written}"


def _bad() -> list[Offre]:
    """Return offers that a store will refuse, and that the platforms are concerned with."""
    return [nouvelle(DES_DEUX_PLATEFORMES, capacite=REFUSED) for _ in range(BAD)]


async def _deposited(product: Product, offers: Sequence[Offre], bad: Sequence[Offre]) -> list[str]:
    async with product.client("collect-api", Role.DEPOSANT) as collect:
        await Depositor(collect).surely(offers)
    return await ids_of(product, [offre["cle_ministere_educatif"] for offre in bad])


async def _known(product: Product) -> set[str]:
    return {entry.id for entry in await list_parked(product.settings)}


async def _parked(product: Product, known: set[str], expected: dict[str, int]) -> list[ParkedEntry]:
    """Return what was set aside since, once it is as many as expected by topic."""

    async def all_parked() -> list[ParkedEntry]:
        entries = [e for e in await list_parked(product.settings) if e.id not in known]
        found = Counter(entry.topic for entry in entries)
        assert found == expected, f"mis à l'écart {dict(found)}, attendu {expected}"
        return entries

    return await eventually(all_parked, deadline=40, every=0.5)


async def _redriven(product: Product, parked: Sequence[ParkedEntry]) -> None:
    code, said = await product.command("rebuts", "relancer", *(entry.id for entry in parked))
    assert code == 0, said
    await product.agree()
    left = {e.id for e in await list_parked(product.settings)} & {e.id for e in parked}
    assert not left, f"relancés et pourtant encore à l'écart : {sorted(left)}"


async def _states(product: Product, ids: Sequence[str]) -> dict[str, int]:
    """Return how many states of each offer were told to those who follow."""
    told = await sequences(product, FORMATIONS)
    return {id_: len(set(told.get(id_, ()))) for id_ in ids}


@asynccontextmanager
async def _validator(product: Product, database: str, rule: dict[str, Any]) -> AsyncIterator[None]:
    base = product.store.database(database)
    await base.command("collMod", "formations", validator=rule)
    try:
        yield
    finally:
        await base.command("collMod", "formations", validator={})


@asynccontextmanager
async def _write_block(product: Product) -> AsyncIterator[None]:
    path = f"/{naming.index(product.settings, 'formations')}/_settings"
    async with elastic(product) as client:
        (await client.put(path, json={"index": {"blocks": {"write": True}}})).raise_for_status()
        try:
            yield
        finally:
            (await client.put(path, json={"index": {"blocks": {"write": None}}})).raise_for_status()
