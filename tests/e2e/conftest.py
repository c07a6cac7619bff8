"""One installation for the session: all processes, the shipped sample deposited and decided."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from contracts.portees import Role
from deploy.local.config import Addresses
from services.cli.run import season
from services.cli.run.installation import Installation
from services.cli.run.season import Done
from tests.support import navigateur
from tests.support.flux import Flux, client
from tests.support.installation import whole_installation
from tests.support.navigateur import LARGEURS


@pytest.fixture(scope="session")
def installation(
    servers: Addresses, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """Every process of the product, ready."""
    with whole_installation(servers, tmp_path_factory.mktemp("installation")) as ready:
        yield ready


@pytest.fixture(scope="session")
def saison(installation: Installation) -> Done:
    """What the season of `catalogue run` did: sample deposited, decisions taken, feeds filled."""
    return season.play(installation)


@pytest_asyncio.fixture(scope="session")
async def flux(installation: Installation, saison: Done) -> AsyncIterator[Flux]:
    """The services over the filled catalogue, each with the key that its user holds."""
    async with (
        client(installation, "collect-api", Role.DEPOSANT) as collect,
        client(installation, "search-api", None) as search,
        client(installation, "enrich-api", Role.LECTEUR) as enrich,
        client(installation, "export-api", Role.ADMINISTRATEUR) as export,
    ):
        yield Flux(collect, search, enrich, export)


@pytest_asyncio.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    async with navigateur.chromium() as browser:
        yield browser


@pytest_asyncio.fixture(params=LARGEURS, ids=[f"{largeur}px" for largeur in LARGEURS])
async def page(request: pytest.FixtureRequest, chromium: Browser) -> AsyncIterator[Page]:
    """A page as wide as a telephone or a desk screen; its scripts and requests must not fail."""
    context = await chromium.new_context(
        viewport={"width": request.param, "height": 900}, locale="fr-FR"
    )
    page = await context.new_page()
    manques: list[str] = []
    page.on("pageerror", lambda erreur: manques.append(str(erreur)))
    page.on("requestfailed", lambda requete: manques.append(requete.url))
    yield page
    await context.close()
    assert manques == []
