"""API keys on a real MongoDB: stored as a hash, refused as soon as promised."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from pymongo import monitoring

from services.kernel.auth import Identity
from services.kernel.clock import FixedClock
from services.kernel.keys import KeyText, new_key
from services.kernel.keystore import DATABASE, KeyStore, open_key_store
from services.kernel.mongo import Client, Store
from services.kernel.problem import NotFound
from services.kernel.settings import KernelSettings

pytestmark = pytest.mark.integration

NOW = datetime(2026, 1, 15, 8, tzinfo=UTC)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def keys(store: Store, settings: KernelSettings, clock: FixedClock) -> KeyStore:
    return KeyStore(store.database(DATABASE), settings, clock)


@pytest.fixture
def other_process(
    store: Store, settings: KernelSettings, clock: FixedClock
) -> Callable[[], KeyStore]:
    """Another process's view of the same keys: it shares the database, not the memory."""
    return lambda: KeyStore(store.database(DATABASE), settings, clock)


async def issue(keys: KeyStore, **changes: datetime | None) -> KeyText:
    return await keys.issue(
        role="lecteur",
        titulaire="cfa-1",
        label="essai",
        scopes=["siret:1", "*"],
        expire_le=changes.get("expire_le"),
    )


async def test_an_issued_key_tells_its_holder(keys: KeyStore) -> None:
    key = await issue(keys)

    assert await keys.verify(str(key)) == Identity(
        key.id, "essai", "lecteur", frozenset({"siret:1", "*"}), "cfa-1"
    )


async def test_the_database_holds_no_key(keys: KeyStore, store: Store) -> None:
    key = await issue(keys)

    stored = str(await store.database(DATABASE)["cles"].find({}).to_list())

    assert key.secret not in stored
    assert str(key) not in stored
    assert key.last_four in stored


async def test_an_unknown_key_and_one_with_anothers_id_are_refused(keys: KeyStore) -> None:
    key = await issue(keys)

    assert await keys.verify(str(new_key())) is None
    assert await keys.verify(str(KeyText(key.id, new_key().secret))) is None


async def test_another_pepper_knows_no_key(
    keys: KeyStore, store: Store, settings: KernelSettings, clock: FixedClock
) -> None:
    key = await issue(keys)
    changed = settings.model_copy(update={"poivre": type(settings.poivre)("autre" * 10)})

    assert await KeyStore(store.database(DATABASE), changed, clock).verify(str(key)) is None


async def test_an_expired_key_is_refused_at_once_even_when_remembered(
    keys: KeyStore, clock: FixedClock
) -> None:
    key = await issue(keys, expire_le=NOW + timedelta(seconds=5))
    assert await keys.verify(str(key)) is not None

    clock.instant = NOW + timedelta(seconds=5)

    assert await keys.verify(str(key)) is None


async def test_a_revoked_key_is_refused_here_at_once_and_elsewhere_within_the_delay(
    keys: KeyStore,
    other_process: Callable[[], KeyStore],
    clock: FixedClock,
    settings: KernelSettings,
) -> None:
    key = await issue(keys)
    elsewhere = other_process()
    assert await elsewhere.verify(str(key)) is not None

    await keys.revoke(key.id)

    assert await keys.verify(str(key)) is None
    clock.instant = NOW + timedelta(seconds=settings.cles_cache_s)
    assert await elsewhere.verify(str(key)) is None


async def test_revoking_again_keeps_the_first_date(keys: KeyStore, clock: FixedClock) -> None:
    key = await issue(keys)
    first = await keys.revoke(key.id)
    clock.instant = NOW + timedelta(days=1)

    assert (await keys.revoke(key.id)).revoquee_le == first.revoquee_le == NOW


async def test_revoking_what_was_never_issued_says_so(keys: KeyStore) -> None:
    with pytest.raises(NotFound, match="zzzzzzzz"):
        await keys.revoke("zzzzzzzz")


async def test_keys_are_listed_latest_first_and_by_holder(
    keys: KeyStore, clock: FixedClock
) -> None:
    older = await issue(keys)
    clock.instant = NOW + timedelta(hours=1)
    newer = await issue(keys)

    assert [key.id for key in await keys.list()] == [newer.id, older.id]
    assert [key.fin for key in await keys.list("cfa-1")] == [newer.last_four, older.last_four]
    assert await keys.list("autre") == []


class Commands(monitoring.CommandListener):
    """Counts what is asked of the server."""

    def __init__(self) -> None:
        self.finds = 0

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        self.finds += event.command_name == "find"

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None: ...

    def failed(self, event: monitoring.CommandFailedEvent) -> None: ...


@pytest.fixture
def commands(settings: KernelSettings) -> Commands:
    return Commands()


async def test_the_database_is_asked_once_for_a_good_key_and_never_for_a_malformed_one(
    mongo: Client, settings: KernelSettings, clock: FixedClock, commands: Commands
) -> None:
    counted: Client = type(mongo)(settings.mongo, tz_aware=True, event_listeners=[commands])
    try:
        keys = KeyStore(Store(counted, settings).database(DATABASE), settings, clock)
        key = await issue(keys)
        wrong_checksum = str(key)[:-1] + ("0" if str(key)[-1] != "0" else "1")

        for text in (wrong_checksum, "cat_x", "", "é" * 57):
            assert await keys.verify(text) is None
        assert commands.finds == 0

        for _ in range(3):
            assert await keys.verify(str(key)) is not None
        assert commands.finds == 1
    finally:
        await counted.close()


async def test_the_store_opens_with_the_settings_and_answers(settings: KernelSettings) -> None:
    async with open_key_store(settings) as keys:
        await keys.ping()
