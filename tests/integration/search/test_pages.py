"""The pages in a real browser: narrow and wide, by keyboard alone, read by axe."""

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Page, async_playwright, expect

from services.kernel.process import serve_app
from services.search.entrypoints.api import create_app
from services.search.settings import IndexerSettings
from tests.integration.search.conftest import Cles, Deposer
from tests.support.formations import formation_v1, publication_v1

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
pytestmark = [
    pytest.mark.integration,
    pytest.mark.e2e,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium manque : apt-get install chromium"),
]
RETIREE = "B" * 26
AXE = Axe()


@pytest_asyncio.fixture
async def site(search: IndexerSettings, deposer: Deposer) -> AsyncIterator[str]:
    """The pages, served on a free port, over some offers."""
    offres = [
        formation_v1(f"{n:026d}", latitude=48.1 + n / 50, longitude=-1.7 + n / 40)
        for n in range(45)
    ]
    await deposer(
        *offres,
        *(publication_v1(offre["id"]) for offre in offres[:9]),
        formation_v1("A" * 26, intitule_long="COIFFURE (CAP)", romes=[], published=False),
        formation_v1(RETIREE, 2, etat="retiree", retiree_le="2020-11-20T10:00:00+00:00"),
    )
    with socket.create_server(("127.0.0.1", 0)) as libre:
        port = libre.getsockname()[1]
    adresse = f"http://127.0.0.1:{port}"
    reglages = search.model_copy(update={"port": port, "adresse_search": adresse})
    stop = asyncio.Event()
    service = asyncio.create_task(serve_app(create_app(reglages, keys=Cles()), reglages, stop))
    yield adresse
    stop.set()
    await service


@pytest_asyncio.fixture(params=[360, 1280], ids=["360px", "1280px"])
async def page(request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    """A page of a browser as wide as a telephone or a desk screen."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(OPTIONS))
        context = await browser.new_context(viewport={"width": request.param, "height": 900})
        yield await context.new_page()
        await browser.close()


@pytest.mark.parametrize(
    "chemin",
    [
        "/",
        "/?q=boulanger&autour_de=Rennes&rayon_km=30&tri=distance&niveau=3",
        "/?q=introuvable",
        "/?lat=48",
        f"/formations/{'A' * 26}",
        f"/formations/{0:026d}",
        f"/formations/{RETIREE}",
    ],
    ids=["accueil", "resultats", "vide", "fautive", "non-publiee", "fiche", "retiree"],
)
async def test_no_page_has_an_accessibility_fault_nor_scrolls_sideways(
    site: str, page: Page, chemin: str, tmp_path: Path
) -> None:
    erreurs: list[str] = []
    page.on("pageerror", lambda erreur: erreurs.append(str(erreur)))
    page.on("requestfailed", lambda requete: erreurs.append(requete.url))
    await page.goto(site + chemin)
    await page.screenshot(path=tmp_path / "page.png", full_page=True)
    resultat = await AXE.run(page)
    assert resultat.response["passes"]
    assert resultat.violations_count == 0, resultat.generate_report()
    depasse = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not await page.evaluate(depasse)
    assert erreurs == []


async def test_a_search_is_made_refined_and_undone_by_keyboard_alone(site: str, page: Page) -> None:
    await page.goto(site)
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    await _aller(page, "#q")
    await page.keyboard.type("boulanger")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="45 formations")).to_be_visible()
    if await page.locator(".volet > summary").is_visible():
        await _aller(page, ".volet > summary")
        await page.keyboard.press("Enter")
    await _aller(page, "input[name=niveau]")
    await page.keyboard.press("Space")
    await page.keyboard.press("Enter")
    retirer = page.get_by_role("link", name="Retirer le filtre")
    await expect(retirer).to_be_visible()
    await _aller(page, ".choisis a")
    await page.keyboard.press("Enter")
    await expect(retirer).to_have_count(0)
    await _aller(page, ".pagination a[rel=next]")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("link", name="Revenir au début")).to_be_visible()
    await _aller(page, ".resultat a")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("BOULANGER (CAP)")


async def _aller(page: Page, selecteur: str) -> None:
    """Press Tab until the first element of a selector has the focus."""
    cible = page.locator(selecteur).first
    for _ in range(250):
        if await cible.evaluate("element => element === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"{selecteur} n'est pas atteint par la tabulation")


async def test_everything_works_without_script(site: str) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(OPTIONS))
        page = await (await browser.new_context(java_script_enabled=False)).new_page()
        await page.goto(f"{site}/?q=boulanger")
        await page.get_by_label("Autour de").fill("Rennes")
        await page.get_by_label("Dans un rayon").select_option("10")
        await page.get_by_role("button", name="Rechercher").click()
        await expect(page.locator(".distance").first).to_be_visible()
        await page.locator(".resultat a").first.click()
        await expect(page.get_by_role("heading", name="Où candidater")).to_be_visible()
        await browser.close()
