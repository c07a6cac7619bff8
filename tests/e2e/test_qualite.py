"""A CFA mends its offers from the quality pages: by keyboard, with and without script."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from contracts.portees import Role
from services.cli.run.installation import Installation
from tests.support import navigateur
from tests.support.exemple import nouvelle
from tests.support.flux import Flux, lire
from tests.support.navigateur import defauts, photographier, tabuler_jusqu_a
from tests.support.polling import eventually

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(240),
    pytest.mark.skipif(navigateur.CHROMIUM is None, reason=navigateur.ABSENT),
]

FAUSSE, JUSTE = "0331234A", "0331234M"


async def _offre_fautive(flux: Flux) -> tuple[str, str]:
    """Deposit an offer whose UAI has a wrong letter; return its id and its SIRET, once measured."""
    offre = nouvelle(uai_formation=FAUSSE)
    id_ = await flux.deposer_une(offre)
    siret = offre["etablissement_gestionnaire_siret"]

    async def mesuree() -> bool:
        adresse = f"/v1/qualite/etablissements/{siret}/a-corriger"
        taches = (await flux.enrich.get(adresse)).json()
        return any(id_ in tache["offres"] for tache in taches if isinstance(tache, dict))

    assert await eventually(mesuree, deadline=30)
    return id_, siret


async def _corrigee(flux: Flux, id_: str) -> bool:
    formation = (await lire(flux.search, f"/v1/formations/{id_}"))["formation"]
    return bool(formation["uai_formation"] == JUSTE)


async def test_a_proposal_is_accepted_by_keyboard_alone_and_the_search_shows_it(
    flux: Flux, installation: Installation, page: Page, tmp_path: Path
) -> None:
    id_, siret = await _offre_fautive(flux)
    await page.goto(f"{installation.fleet.url('enrich-api')}/qualite")
    await tabuler_jusqu_a(page, "a[href='/qualite/mes-offres']")
    await page.keyboard.press("Enter")
    await tabuler_jusqu_a(page, "#siret")
    await page.keyboard.type(siret)
    await page.keyboard.press("Tab")
    await page.keyboard.type(installation.keys[Role.DEPOSANT])
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("heading", name="Par où commencer")).to_be_visible()
    await photographier(page, "a-corriger", tmp_path)
    assert await defauts(page) == []
    await tabuler_jusqu_a(page, f".tache:has-text('{FAUSSE}') button")
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("status")).to_contain_text("corrigée")
    await photographier(page, "corrigee", tmp_path)
    assert await defauts(page) == []

    async def vue() -> bool:
        return await _corrigee(flux, id_)

    assert await eventually(vue, deadline=15)


async def test_everything_works_without_script(
    flux: Flux, installation: Installation, chromium: Browser
) -> None:
    _, siret = await _offre_fautive(flux)
    context = await chromium.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(f"{installation.fleet.url('enrich-api')}/qualite/mes-offres")
    await page.get_by_label("SIRET de l’établissement").fill(siret)
    await page.get_by_label("Clé d’accès").fill(installation.keys[Role.DEPOSANT])
    await page.get_by_role("button", name="Voir mes offres à corriger").click()
    await page.locator(f".tache:has-text('{FAUSSE}') button").first.click()

    await expect(page.get_by_role("status")).to_contain_text("corrigée")
    await context.close()


async def test_a_wrong_key_is_told_on_the_form(
    flux: Flux, installation: Installation, page: Page
) -> None:
    await page.goto(f"{installation.fleet.url('enrich-api')}/qualite/mes-offres")
    await page.get_by_label("SIRET de l’établissement").fill("19060793700074")
    await page.get_by_label("Clé d’accès").fill("cat_fausse")
    await page.get_by_role("button", name="Voir mes offres à corriger").click()

    await expect(page.get_by_role("alert")).to_contain_text("La clé d'accès n'est pas valable")
    assert await defauts(page) == []
