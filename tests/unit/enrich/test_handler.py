"""Records in, batches out: what is parked, and what is waited for."""

import asyncio
import gc
import weakref
from datetime import UTC, datetime

import orjson
import pytest

from contracts.topics import OFFRES
from services.enrich.domain.references.tables import References
from services.enrich.entrypoints.actif import Actif
from services.enrich.entrypoints.consumer import OffresHandler
from services.kernel.clock import FixedClock
from services.kernel.errors import Retry
from services.kernel.events import Record
from tests.support.polling import eventually
from tests.unit.enrich.fabrique import JOUR, evenement, references
from tests.unit.enrich.magasin import Magasin

CLOCK = FixedClock(datetime(2026, 11, 25, 3, 0, 0, 123_456, tzinfo=UTC))


class Versions:
    """Reference versions in memory."""

    def __init__(self, active: str | None) -> None:
        self.active = active
        self.chargements: list[str] = []

    async def version_active(self) -> str | None:
        return self.active

    async def charger(self, version: str) -> References:
        self.chargements.append(version)
        return references(version)


def _record(valeur: bytes, offset: int = 0) -> Record:
    entetes = {"ce_id": b"F1.1", "ce_type": OFFRES.name.encode(), "ce_sequence": b"%020d" % 1}
    return Record(OFFRES.name, 0, offset, 0, b"F1", entetes, valeur)


async def _handler(magasin: Magasin, versions: Versions) -> OffresHandler:
    actif = Actif(versions, lambda: JOUR, 0.01)
    await actif.actualiser()
    return OffresHandler(magasin, actif, CLOCK)


async def test_a_record_that_is_no_offer_is_parked_and_the_others_applied() -> None:
    magasin = Magasin()
    handler = await _handler(magasin, Versions("v1"))
    records = [
        _record(b"{", 0),
        _record(orjson.dumps(evenement()), 1),
        _record(orjson.dumps(evenement(operation="?")), 2),
    ]

    ecartes = await handler.handle(records)

    assert [(ecarte.record.offset, ecarte.code) for ecarte in ecartes][1:] == [
        (2, "offre_illisible")
    ]
    assert ecartes[0].record.offset == 0
    assert set(magasin.tenues) == {"F1"}


async def test_times_are_those_that_the_store_can_keep() -> None:
    magasin = Magasin()
    handler = await _handler(magasin, Versions("v1"))
    await handler.handle([_record(orjson.dumps(evenement()))])

    assert magasin.tenues["F1"].modifiee_le.microsecond == 123_000


async def test_nothing_is_applied_while_no_tables_are_active() -> None:
    handler = await _handler(Magasin(), Versions(None))

    with pytest.raises(Retry):
        await handler.handle([_record(orjson.dumps(evenement()))])


async def test_readiness_waits_for_tables() -> None:
    versions = Versions(None)
    actif = Actif(versions, lambda: JOUR, 0.01)
    with pytest.raises(Retry):
        await actif.verifier()

    versions.active = "v1"
    await actif.actualiser()
    await actif.verifier()


async def test_another_active_version_takes_the_place_of_the_first() -> None:
    versions = Versions("v1")
    actif = Actif(versions, lambda: JOUR, 0.001)
    stop = asyncio.Event()
    suivi = asyncio.create_task(actif.suivre(stop))
    await eventually(lambda: versions.chargements == ["v1"])
    versions.active = "v2"
    await eventually(lambda: versions.chargements == ["v1", "v2"])
    stop.set()
    await suivi

    assert actif.enrichisseur().references.version == "v2"


async def test_the_rules_of_a_version_that_is_left_are_let_go() -> None:
    versions = Versions("v1")
    actif = Actif(versions, lambda: JOUR, 0.01)
    await actif.actualiser()
    en_cours = actif.enrichisseur()  # as in a batch that is at work during the switch
    laisse = weakref.ref(en_cours)
    versions.active = "v2"
    await actif.actualiser()
    del en_cours
    versions.active = "v3"
    await actif.actualiser()
    gc.unfreeze()

    assert laisse() is None


async def test_the_rules_follow_the_business_day() -> None:
    jours = [JOUR]
    actif = Actif(Versions("v1"), lambda: jours[0], 0.01)
    await actif.actualiser()
    premier = actif.enrichisseur()
    jours[0] = JOUR.replace(year=2021)

    assert premier.jour == JOUR
    assert actif.enrichisseur().jour.year == 2021
    assert actif.enrichisseur() is actif.enrichisseur()
