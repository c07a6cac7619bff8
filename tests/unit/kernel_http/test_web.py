"""Pages: good HTML, local files only, nothing inline."""

import re

from tests.unit.kernel_http.apps import client, make_app

INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", re.IGNORECASE)
LOADED = re.compile(r"<(?:script|link|img)[^>]*(?:src|href)=\"([^\"]+)\"")


async def page(path: str) -> str:
    async with client(make_app(), accept="text/html") as http:
        return (await http.get(path)).text


async def test_every_page_shows_the_business_day_and_the_attribution() -> None:
    html = await page("/nulle-part")

    assert '<time datetime="2020-11-16">16 novembre 2020</time>' in html
    assert "INSEE, La Poste, BCN (DEPP), France compétences, France Travail" in html
    assert "Licence Ouverte 2.0" in html
    assert '<html lang="fr">' in html
    assert 'href="#contenu"' in html
    assert '<main id="contenu"' in html


async def test_nothing_is_inline_nor_loaded_from_elsewhere() -> None:
    for path in ("/nulle-part", "/docs"):
        html = await page(path)
        assert INLINE.search(html) is None
        assert all(address.startswith("/") for address in LOADED.findall(html))


async def test_every_file_that_a_page_loads_is_there_and_cached() -> None:
    async with client(make_app()) as http:
        for path in ("/nulle-part", "/docs"):
            html = (await http.get(path, headers={"accept": "text/html"})).text
            for address in LOADED.findall(html):
                answer = await http.get(address)
                assert answer.status_code == 200, address
                kept_for_ever = "immutable" in answer.headers["cache-control"]
                assert kept_for_ever is ("?v=" in address)


async def test_the_openapi_document_is_3_1_and_knows_the_problems() -> None:
    async with client(make_app()) as http:
        document = (await http.get("/openapi.json")).json()

    assert document["openapi"].startswith("3.1")
    assert document["info"]["summary"] == "Pour les tests."
    problem = {"$ref": "#/components/schemas/Probleme"}
    for path, operations in document["paths"].items():
        for operation in operations.values():
            refused = operation["responses"]["4XX"]["content"]
            assert refused["application/problem+json"]["schema"] == problem, path
    assert "Probleme" in document["components"]["schemas"]
    assert "422" not in str(document["paths"])
    assert set(document["components"]["securitySchemes"]) == {"Bearer", "X-Api-Key", "Session"}


async def test_pages_health_and_files_are_no_part_of_the_document() -> None:
    async with client(make_app()) as http:
        document = (await http.get("/openapi.json")).json()

    assert all(path.startswith("/v1/") for path in document["paths"])
