"""The API of acces on a real MongoDB, with mails kept, and a clock that the test moves."""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from contracts.portees import Role
from services.acces.entrypoints.api import create_app
from services.acces.settings import ApiSettings
from services.kernel.keystore import open_key_store
from services.kernel.settings import KernelSettings
from tests.integration.acces.outils import ADRESSE, Boite, Personnes


@pytest.fixture
def reglages(settings: KernelSettings) -> ApiSettings:
    """Cheap hashes, and sessions whose end is seen at once."""
    return ApiSettings.model_validate(
        {
            **settings.model_dump(exclude={"poivre", "port"}),
            "motdepasse_cout": 1_001,
            "sessions_cache_s": 0.001,
        }
    )


@pytest.fixture
def boite() -> Boite:
    """Where mails arrive."""
    return Boite()


@pytest_asyncio.fixture
async def application(reglages: ApiSettings, boite: Boite) -> AsyncIterator[FastAPI]:
    """The application, started."""
    app = create_app(reglages, courrier=boite)
    async with app.router.lifespan_context(app):
        yield app


@pytest_asyncio.fixture
async def http(application: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that keeps its cookies."""
    transport = httpx.ASGITransport(application)
    async with httpx.AsyncClient(transport=transport, base_url=ADRESSE) as client:
        yield client


@pytest_asyncio.fixture
async def personnes(
    application: FastAPI, reglages: ApiSettings, boite: Boite
) -> AsyncIterator[Personnes]:
    """Who opens accounts: an administrator, by key."""
    async with open_key_store(reglages) as cles:
        cle = await cles.issue(role=Role.ADMINISTRATEUR, titulaire="mission", label="mission")
    transport = httpx.ASGITransport(application)
    async with httpx.AsyncClient(
        transport=transport, base_url=ADRESSE, headers={"X-Api-Key": str(cle)}
    ) as admin:
        yield Personnes(admin, boite)
