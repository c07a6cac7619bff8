"""A real Chromium, found on this machine; what a page must never do; its pictures."""

import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Browser, Page, async_playwright

CHROMIUM: Final = shutil.which("chromium") or shutil.which("chromium-browser")
ABSENT: Final = (
    "vérifications de navigateur sautées : aucun Chromium sur cette machine "
    "(Debian, Ubuntu : apt-get install chromium)"
)
LARGEURS: Final = (360, 1280)
_OPTIONS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_DEPASSE: Final = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
_TABULATIONS_MAX: Final = 250
_AXE: Final = Axe()


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Give a headless Chromium."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(_OPTIONS))
        yield browser
        await browser.close()


async def photographier(page: Page, nom: str, dossier: Path) -> None:
    """Keep a picture of the whole page, in CATALOGUE_CAPTURES when that folder is named."""
    garde = Path(os.environ.get("CATALOGUE_CAPTURES") or dossier)
    largeur = (page.viewport_size or {"width": 0})["width"]
    await page.screenshot(path=garde / f"{nom}-{largeur}.png", full_page=True)


async def defauts(page: Page, *, sans: str | None = None) -> list[str]:
    """Return what is wrong with a page, one part (`sans`) left out: axe's findings, overflow."""
    contexte = {"exclude": [[sans]]} if sans else None
    resultat = await _AXE.run(page, context=contexte)
    assert resultat.response["passes"], "axe n'a rien examiné"
    trouves = [violation["id"] for violation in resultat.response["violations"]]
    if await page.evaluate(_DEPASSE):
        trouves.append("déborde en largeur")
    return trouves


async def tabuler_jusqu_a(page: Page, selecteur: str) -> None:
    """Press Tab until the first element of a selector has the focus, and shows it.

    Raises:
        AssertionError: it is never reached, or nothing marks it.
    """
    cible = page.locator(selecteur).first
    for _ in range(_TABULATIONS_MAX):
        if await cible.evaluate("element => element === document.activeElement"):
            contour = await cible.evaluate("element => getComputedStyle(element).outlineStyle")
            assert contour != "none", f"{selecteur} ne montre pas qu'il a le focus"
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"{selecteur} n'est pas atteint par la tabulation")


def nombre(texte: str) -> int:
    """Return the number that a French text begins with."""
    lu = re.match(r"[\d\s\u00a0\u202f]+", texte)
    assert lu is not None, texte
    return int(re.sub(r"\D", "", lu[0]))
