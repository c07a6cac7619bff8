"""The API of collect over real servers, in the test's namespace, and keys of each kind."""

from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest
import pytest_asyncio

from contracts.portees import Role
from services.collect.entrypoints.api import create_app
from services.collect.settings import ApiSettings
from services.kernel.clock import SystemClock
from services.kernel.keystore import KeyStore
from services.kernel.mongo import Store
from services.kernel.settings import MIB, KernelSettings

Cle = Callable[..., Awaitable[dict[str, str]]]


@pytest.fixture
def collect_settings(settings: KernelSettings) -> ApiSettings:
    """Small limits, so that tests reach them; the relay does not run."""
    return ApiSettings(
        **settings.model_dump(
            include={"kafka", "mongo", "elastic", "espace", "reprise_min_s", "reprise_max_s"}
        ),
        port=0,
        relais_integre=False,
        depot_lot=10,
        ligne_max=64 * 1024,
        lignes_max=200,
        flux_max=4 * MIB,
        flux_decompresse_max=64 * MIB,
    )


@pytest_asyncio.fixture
async def api(collect_settings: ApiSettings) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the API, started."""
    app = create_app(collect_settings)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://collect") as client:
            yield client


@pytest.fixture
def cle(store: Store, collect_settings: ApiSettings) -> Cle:
    """Issue keys; gives the header that bears one."""
    keys = KeyStore(store.database("acces"), collect_settings, SystemClock())

    async def issue(
        titulaire: str = "cfa", *scopes: str, role: str = Role.DEPOSANT
    ) -> dict[str, str]:
        key = await keys.issue(
            role=role, titulaire=titulaire, label="essai", scopes=scopes or ("*",)
        )
        return {"Authorization": f"Bearer {key}"}

    return issue
