"""Promise 17: the reconciler finds what differs, says it, repairs it, and nothing else.

After each other test here it found no difference; what follows was planted.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from contracts.portees import Role
from services.kernel import naming
from services.kernel.lease import COLLECTION as LEASES
from services.kernel.outbox import COLLECTION as OUTBOX
from tests.support.depositor import Depositor
from tests.support.exemple import DES_DEUX_PLATEFORMES, Offre, nouvelle, nouvelles
from tests.support.polling import eventually
from tests.support.product import Product
from tests.support.stores import elastic, ids_of, indexed

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(180)]

OFFERS: Final = 60


async def test_planted_differences_are_found_and_repaired(product: Product) -> None:
    unindexed, damaged, untold = (nouvelle(DES_DEUX_PLATEFORMES) for _ in range(3))
    async with product.client("collect-api", Role.DEPOSANT) as collect:
        depositor = Depositor(collect)
        await depositor.surely([*nouvelles(OFFERS), unindexed, damaged])
        await product.agree()
        before = await indexed(product, await ids_of(product, depositor.keys))
        unindexed_id, damaged_id = await _id(product, unindexed), await _id(product, damaged)

        await _delete_from_index(product, unindexed_id)
        await _damage(product, damaged_id)
        await _deposit_untold(product, depositor, untold)
    untold_id = await _id(product, untold)
    planted = {
        f"{unindexed_id} enrich→search absente",
        f"{unindexed_id} export→search absente",
        f"{damaged_id} enrich→export différente",
        f"{untold_id} collect→enrich absente",
    }
    assert set(await product.differences()) == planted

    code, said = await product.command("reconcilier", "--sans-reparer")
    assert code == 1, said
    assert all(id_ in said for id_ in (unindexed_id, damaged_id, untold_id)), said
    assert set(await product.differences()) == planted

    code, said = await product.command("reconcilier")
    assert code == 0, said
    await product.agree()
    after = await indexed(product, [*before, untold_id])
    assert untold_id in after
    assert _contents(before).items() <= _contents(after).items()


async def _id(product: Product, offre: Offre) -> str:
    (id_,) = await ids_of(product, [offre["cle_ministere_educatif"]])
    return id_


async def _delete_from_index(product: Product, id_: str) -> None:
    path = f"/{naming.index(product.settings, 'formations')}/_doc/{id_}"
    async with elastic(product) as client:
        (await client.delete(path, params={"refresh": "true"})).raise_for_status()


async def _damage(product: Product, id_: str) -> None:
    formations = product.store.database("export")["formations"]
    await formations.update_one({"_id": id_}, {"$set": {"empreinte": "0" * 32}})


async def _deposit_untold(product: Product, depositor: Depositor, offre: Offre) -> None:
    """Deposit an offer whose event is lost: the relay is held back, and its outbox emptied."""
    base = product.store.database("collect")
    until = datetime.now(UTC) + timedelta(minutes=5)
    stolen = {"_id": "relais", "porteur": "essai", "jusqua": until}
    await base[LEASES].replace_one({"_id": "relais"}, stolen, upsert=True)
    await eventually(lambda: _leads(product, leads=False))
    assert await depositor.one(offre)
    dropped = await base[OUTBOX].delete_many({})
    assert dropped.deleted_count == 1
    await base[LEASES].delete_one({"_id": "relais", "porteur": "essai"})
    await eventually(lambda: _leads(product, leads=True))


async def _leads(product: Product, *, leads: bool) -> bool:
    return bool(await product.metric("collect-api", "catalogue_relay_leader")) is leads


def _contents(documents: dict[str, dict[str, object]]) -> dict[str, object]:
    return {
        id_: {name: value for name, value in document.items() if name != "version"}
        for id_, document in documents.items()
    }
