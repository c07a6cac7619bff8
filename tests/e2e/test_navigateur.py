"""The pages of the running product in a real browser: narrow and wide, read by axe, by keyboard."""

import re
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from contracts.portees import Role
from services.cli.run.installation import Installation
from tests.support import exemple, navigateur
from tests.support.exemple import en_lignes, nouvelle, nouvelles
from tests.support.flux import Flux, lire
from tests.support.navigateur import defauts, photographier, tabuler_jusqu_a
from tests.support.polling import eventually

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(240),
    pytest.mark.skipif(navigateur.CHROMIUM is None, reason=navigateur.ABSENT),
]

PAGES = {
    "accueil": ("search-api", "/"),
    "resultats": ("search-api", "/?q=boulanger"),
    "proximite": ("search-api", "/?q=cuisine&autour_de=Bordeaux&rayon_km=100&tri=distance"),
    "filtree": ("search-api", "/?region=Bretagne&niveau=3"),
    "vide": ("search-api", "/?q=xyzintrouvable&region=Bretagne"),
    "fautive": ("search-api", "/?lat=48"),
    "inconnue": ("search-api", f"/formations/{'0' * 26}"),
    "depot": ("collect-api", "/deposer"),
    "qualite": ("enrich-api", "/qualite"),
    "qualite-academie": ("enrich-api", "/qualite/academies/04"),
    "mes-offres": ("enrich-api", "/qualite/mes-offres"),
}
ABSENTE, RETIREE = 404, 410
SWAGGER = "#api"  # Swagger UI's own markup, that we ship and do not write


@pytest_asyncio.fixture(scope="module")
async def fiche(flux: Flux) -> str:
    """The id of an offer that lives."""
    return await flux.deposer_une(nouvelle())


@pytest_asyncio.fixture(scope="module")
async def retiree(flux: Flux) -> str:
    """The id of an offer that was withdrawn."""
    id_ = await flux.deposer_une(nouvelle())
    await flux.retirer(id_, "session annulée")

    async def partie() -> bool:
        return (await flux.search.get(f"/v1/formations/{id_}")).status_code == RETIREE

    assert await eventually(partie, deadline=10)
    return id_


async def _est_de_la_maison(page: Page) -> None:
    """The business day and the attribution are on every page."""
    await expect(page.locator(".jour-metier")).to_contain_text("16 novembre 2020")
    await expect(page.locator("footer")).to_contain_text("Licence Ouverte")


@pytest.mark.parametrize("nom", PAGES)
async def test_a_page_is_accessible_and_never_scrolls_sideways(
    flux: Flux, installation: Installation, page: Page, tmp_path: Path, nom: str
) -> None:
    processus, chemin = PAGES[nom]

    await page.goto(installation.fleet.url(processus) + chemin)

    await photographier(page, nom, tmp_path)
    await _est_de_la_maison(page)
    assert await defauts(page) == []


async def test_the_sheet_of_a_formation_is_accessible(
    flux: Flux, installation: Installation, page: Page, fiche: str, tmp_path: Path
) -> None:
    reponse = await page.goto(f"{installation.fleet.url('search-api')}/formations/{fiche}")

    await photographier(page, "fiche", tmp_path)
    assert reponse is not None
    assert reponse.ok
    await _est_de_la_maison(page)
    await expect(page.get_by_text("SIRET du lieu")).to_be_visible()
    await expect(page.get_by_text("UAI du lieu")).to_be_visible()
    assert await defauts(page) == []


async def test_a_withdrawn_formation_has_a_page_that_says_so(
    flux: Flux, installation: Installation, page: Page, retiree: str, tmp_path: Path
) -> None:
    reponse = await page.goto(f"{installation.fleet.url('search-api')}/formations/{retiree}")

    await photographier(page, "retiree", tmp_path)
    assert reponse is not None
    assert reponse.status == RETIREE
    await expect(page.get_by_text("n’est plus au catalogue depuis le")).to_be_visible()
    assert await page.locator(".resultat").count() > 0
    await _est_de_la_maison(page)
    assert await defauts(page) == []


@pytest.mark.parametrize("processus", ["search-api", "collect-api", "enrich-api", "export-api"])
async def test_the_documentation_of_an_api_asks_no_other_server(
    flux: Flux, installation: Installation, page: Page, processus: str, tmp_path: Path
) -> None:
    adresse = installation.fleet.url(processus)
    ailleurs: list[str] = []
    page.on(
        "request",
        lambda requete: (
            None if requete.url.startswith((adresse, "data:")) else ailleurs.append(requete.url)
        ),
    )

    await page.goto(f"{adresse}/docs")

    await expect(page.locator(".opblock").first).to_be_visible(timeout=15_000)
    await photographier(page, f"docs-{processus}", tmp_path)
    await _est_de_la_maison(page)
    assert ailleurs == []
    assert await defauts(page, sans=SWAGGER) == []


async def test_a_file_is_deposited_and_followed_on_the_page(
    flux: Flux, installation: Installation, page: Page, tmp_path: Path
) -> None:
    fichier = tmp_path / "offres_exemple.ndjson"
    fichier.write_bytes(exemple.fichier() + en_lignes(nouvelles(60)))
    await page.goto(f"{installation.fleet.url('collect-api')}/deposer")

    await page.get_by_label("Clé d’accès").fill(installation.keys[Role.DEPOSANT])
    await page.get_by_label("Fichier d’offres").set_input_files(fichier)
    await page.get_by_role("button", name="Déposer").click()

    await expect(page.locator("#suivi[data-fini=oui]")).to_be_attached(timeout=60_000)
    await expect(page.get_by_role("status")).to_have_text("Le dépôt a tout traversé.")
    for etape in ("Déposées", "Enrichies", "Indexées", "Évaluées"):
        await expect(page.get_by_label(etape).last).to_have_attribute("value", "995")
    assert await page.locator("#lignes tbody tr").count() == 50
    await photographier(page, "rapport", tmp_path)
    await _est_de_la_maison(page)
    assert await defauts(page) == []


async def test_a_search_is_made_refined_and_read_by_keyboard_alone(
    flux: Flux, installation: Installation, page: Page
) -> None:
    await page.goto(installation.fleet.url("search-api"))
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    await page.keyboard.press("Enter")
    await tabuler_jusqu_a(page, "#q")
    await page.keyboard.type("cap")
    await page.keyboard.press("Enter")
    titre = page.locator("#titre-resultats")
    await expect(page).to_have_url(re.compile(r"[?&]q=cap\b"))
    toutes = navigateur.nombre(await titre.inner_text())
    if await page.locator(".volet > summary").is_visible():
        await tabuler_jusqu_a(page, ".volet > summary")
        await page.keyboard.press("Enter")
    await tabuler_jusqu_a(page, "input[name=region]")
    await page.keyboard.press("Space")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("link", name="Retirer le filtre")).to_be_visible()
    assert 0 < navigateur.nombre(await titre.inner_text()) < toutes
    await tabuler_jusqu_a(page, ".pagination a[rel=next]")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("link", name="Revenir au début")).to_be_visible()
    await tabuler_jusqu_a(page, ".resultat a")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Où candidater")).to_be_visible()


async def test_everything_works_without_script(
    flux: Flux, installation: Installation, chromium: Browser, tmp_path: Path
) -> None:
    context = await chromium.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(f"{installation.fleet.url('search-api')}/?q=cuisine")
    await page.get_by_label("Autour de").fill("Bordeaux")
    await page.get_by_label("Dans un rayon").select_option("100")
    await page.get_by_role("button", name="Rechercher").click()
    await expect(page.locator(".distance").first).to_be_visible()
    await page.locator(".resultat a").first.click()
    await expect(page.get_by_role("heading", name="Où candidater")).to_be_visible()

    fichier = tmp_path / "offres.ndjson"
    fichier.write_bytes(en_lignes(nouvelles(5)))
    await page.goto(f"{installation.fleet.url('collect-api')}/deposer")
    await page.get_by_label("Clé d’accès").fill(installation.keys[Role.DEPOSANT])
    await page.get_by_label("Fichier d’offres").set_input_files(fichier)
    await page.get_by_role("button", name="Déposer").click()
    # Without script the page asks for itself again until the deposit is done.
    await expect(page.locator("#suivi[data-fini=oui]")).to_be_attached(timeout=30_000)
    await expect(page.get_by_label("Évaluées").last).to_have_attribute("value", "5")
    await context.close()


async def test_a_wrong_key_is_told_on_the_form(
    flux: Flux, installation: Installation, page: Page, tmp_path: Path
) -> None:
    fichier = tmp_path / "offres.ndjson"
    fichier.write_bytes(en_lignes(nouvelles(1)))
    avant = (await lire(flux.collect, "/v1/depots", limite="1"))["depots"][0]["id"]
    await page.goto(f"{installation.fleet.url('collect-api')}/deposer")

    await page.get_by_label("Clé d’accès").fill("cat_fausse")
    await page.get_by_label("Fichier d’offres").set_input_files(fichier)
    await page.get_by_role("button", name="Déposer").click()

    await expect(page.get_by_role("alert")).to_contain_text("La clé d'accès n'est pas valable")
    await photographier(page, "cle-fausse", tmp_path)
    assert await defauts(page) == []
    assert (await lire(flux.collect, "/v1/depots", limite="1"))["depots"][0]["id"] == avant
