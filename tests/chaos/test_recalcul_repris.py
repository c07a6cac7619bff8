"""A pass over the whole catalogue, whose process is killed again and again: resumed, once each."""

import asyncio
import random
import shutil
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest

from contracts.portees import Role
from services.cli.run.settings import SAMPLE
from tests.support.depositor import Depositor
from tests.support.exemple import nouvelles
from tests.support.polling import eventually
from tests.support.product import Product
from tests.support.stores import assert_events_are_writes, ids_of

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(300)]

OFFERS: Final = 1_200
KILLS: Final = 3


async def test_a_pass_that_is_killed_resumes_and_writes_nothing_twice(
    product: Product, chance: random.Random, tmp_path: Path
) -> None:
    async with product.client("collect-api", Role.DEPOSANT) as collect:
        depositor = Depositor(collect)
        await depositor.surely(nouvelles(OFFERS))
    await product.agree()
    before = await _history(product)

    code, said = await product.command(
        "references", "charger", str(_other_names(tmp_path / "tables"))
    )
    assert code == 0, said
    await _kill_during_the_pass(product, chance)
    await eventually(lambda: _late(product, 0), deadline=120, every=0.5)

    changes = Counter(await _history(product)) - Counter(before)
    ids = await ids_of(product, depositor.keys)
    assert len(ids) == OFFERS
    wrong = {id_: changes[id_] for id_ in ids if changes[id_] != 1}
    assert not wrong, (
        f"{len(wrong)} offres sans une entrée et une seule : {list(wrong.items())[:5]}"
    )
    (last, *_) = await _passes(product)
    assert last["lues"] == last["changees"] >= OFFERS
    await product.agree()
    await assert_events_are_writes(product, ids)


def _other_names(folder: Path) -> Path:
    """Return tables where every académie has another name: each offer in one changes."""
    for part in ("certifications", "geo", "organismes"):
        shutil.copytree(SAMPLE / part, folder / part)
    academies = folder / "geo" / "academies.csv"
    header, *rows = academies.read_text(encoding="utf-8").splitlines()
    renamed = []
    for row in rows:
        number, name, rest = row.split(",", 2)
        renamed.append(f"{number},{name} (essai),{rest}")
    academies.write_text("\n".join([header, *renamed]) + "\n", encoding="utf-8")
    return folder


async def _kill_during_the_pass(product: Product, chance: random.Random) -> None:
    done = 0
    for _ in range(KILLS):
        done = await eventually(partial(_further, product, done), deadline=60, every=0.02)
        await asyncio.sleep(chance.uniform(0, 0.1))  # the seeded point inside a batch
        product.fleet.kill("enrich-consumer")
        product.fleet.start("enrich-consumer")
    await product.ready("enrich-consumer")


async def _further(product: Product, than: int) -> int:
    """Return how far the pass is; 0 when not further."""
    (last, *_) = await _passes(product)
    assert last["nature"] == "references"
    assert last["etat"] != "termine", f"la reprise est finie trop tôt : {last}"
    return int(last["lues"]) if last["lues"] > than else 0


async def _passes(product: Product) -> list[dict[str, Any]]:
    async with product.client("enrich-api", Role.ADMINISTRATEUR) as enrich:
        passes: list[dict[str, Any]] = (await enrich.get("/v1/recalculs")).raise_for_status().json()
    assert passes, "aucune reprise n'a été demandée"
    return passes


async def _late(product: Product, number: int) -> bool:
    async with product.client("enrich-api", Role.ADMINISTRATEUR) as enrich:
        seen = (await enrich.get("/v1/referentiels/suivi")).raise_for_status().json()
    assert seen["en_retard"] == number, f"{seen['en_retard']} offres en retard"
    return True


async def _history(product: Product) -> list[str]:
    """Return the formation of each entry of history."""
    entries = product.store.database("catalogue")["historique"].find({}, {"formation": 1})
    return [entry["formation"] async for entry in entries]
