"""`catalogue cles`, `topics` and `rebuts` on real servers."""

import asyncio

import pytest
from typer.testing import CliRunner

from contracts.topics import ALL_TOPICS, OFFRES
from services.cli.__main__ import app
from services.kernel.clock import SystemClock
from services.kernel.events import Record
from services.kernel.keystore import open_key_store
from services.kernel.naming import topic
from services.kernel.parking import Parked, Parking
from services.kernel.settings import KernelSettings
from services.kernel.topics_admin import delete_topics
from tests.support.kafka import read_all
from tests.support.polling import eventually

pytestmark = pytest.mark.integration


class Catalogue:
    """Runs the command in the test's namespace; returns what it printed."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = {**environment, "COLUMNS": "250"}

    async def __call__(self, *arguments: str, code: int = 0) -> str:
        result = await asyncio.to_thread(
            CliRunner().invoke, app, list(arguments), env=self._environment
        )
        assert result.exit_code == code, result.output
        return result.output


@pytest.fixture
def catalogue(environment: dict[str, str], mongo: object) -> Catalogue:
    return Catalogue(environment)


async def test_a_key_is_issued_listed_and_revoked(
    catalogue: Catalogue, settings: KernelSettings
) -> None:
    issue = ("cles", "emettre", "--role", "deposant", "--titulaire", "cfa-1")
    key = (await catalogue(*issue, "--portee", "region:84", "--brut")).strip()
    async with open_key_store(settings) as store:
        identity = await store.verify(key)
    assert identity is not None
    assert (identity.role, identity.scopes) == ("deposant", frozenset({"region:84"}))

    listed = await catalogue("cles", "lister")
    assert identity.key_id in listed
    assert key not in listed

    await catalogue("cles", "revoquer", identity.key_id)
    assert "révoquée le" in await catalogue("cles", "lister", "--titulaire", "cfa-1")


async def test_an_unknown_scope_or_key_is_refused(catalogue: Catalogue) -> None:
    issue = ("cles", "emettre", "--role", "deposant", "--titulaire", "x")

    assert "portée inconnue" in await catalogue(*issue, "--portee", "pays:FR", code=1)
    assert "Aucune clé" in await catalogue("cles", "revoquer", "zzzzzzzz", code=1)


async def test_topics_are_created_once_and_listed(
    catalogue: Catalogue, settings: KernelSettings
) -> None:
    try:
        created = await catalogue("topics", "creer", "--partitions", "1")
        again = await catalogue("topics", "creer")
        listed = await catalogue("topics", "lister")
    finally:
        await delete_topics(settings)

    assert all(topic(settings, declared) in created for declared in ALL_TOPICS)
    assert "existent déjà" in again
    assert topic(settings, OFFRES) in listed


async def test_parked_records_are_listed_and_sent_again(
    catalogue: Catalogue, topics: KernelSettings
) -> None:
    parking = Parking(topics, "enrich", SystemClock())
    record = Record(OFFRES.name, 0, 7, 0, b"k", {"ce_id": b"1"}, b"abime")
    await parking.publish([Parked(record, "json_illisible", "Ce n'est pas du JSON.")])
    await parking.close()

    assert "Ce n'est pas du JSON." in await catalogue("rebuts", "lister")
    assert "1\u00a0enregistrement relancé" in await catalogue("rebuts", "relancer", "--tous")

    # A transaction is readable a moment after its commit is acknowledged.
    async def erased() -> bool:
        return "Aucun rebut" in await catalogue("rebuts", "lister")

    async def back() -> bool:
        return [found.value for found in await read_all(topics, OFFRES)] == [b"abime"]

    is_erased: bool = await eventually(erased)
    is_back: bool = await eventually(back)
    assert (is_erased, is_back) == (True, True)


async def test_an_unknown_origin_fails_and_nothing_is_assumed(
    catalogue: Catalogue, topics: KernelSettings
) -> None:
    await catalogue("rebuts", "relancer", code=2)
    assert "inconnus" in await catalogue("rebuts", "relancer", "x/0/1", code=1)


async def test_a_stopped_line_is_resumed_up_to_the_present_ends(
    catalogue: Catalogue, topics: KernelSettings, mongo: object
) -> None:
    assert "relancée" in await catalogue("rebuts", "reprendre", "enrich")
