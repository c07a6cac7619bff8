"""Whatever goes wrong, the answer is a problem document that says what to do."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from services.kernel.problem import MEDIA_TYPE
from tests.unit.kernel_http.apps import client, make_app, settings


async def ask(method: str, path: str, options: dict[str, Any] | None = None) -> httpx.Response:
    async with client(make_app(settings(corps_max=1000))) as http:
        return await http.request(method, path, **(options or {}))


async def problem(method: str, path: str, options: dict[str, Any] | None = None) -> dict[str, Any]:
    answer = await ask(method, path, options)
    assert answer.headers["content-type"] == MEDIA_TYPE
    document: dict[str, Any] = answer.json()
    assert document["status"] == answer.status_code
    assert document["type"] == f"urn:catalogue:probleme:{document['code']}"
    assert document["title"]
    assert document["trace"] == answer.headers["traceparent"].split("-")[1]
    return document


KEY = {"X-Api-Key": "auteur"}


@pytest.mark.parametrize(
    ("method", "path", "options", "status", "code"),
    [
        ("GET", "/nulle-part", {}, 404, "adresse_inconnue"),
        ("PUT", "/v1/items", {}, 405, "methode_non_admise"),
        ("GET", "/v1/panne", {}, 500, "erreur_interne"),
        ("GET", "/v1/absent", {}, 503, "service_indisponible"),
        ("GET", "/v1/conflit/a", {}, 409, "pris"),
        ("GET", "/v1/items?page=0", {}, 422, "donnees_invalides"),
        ("POST", "/v1/items", {"json": {"nom": "a", "rang": 1}}, 401, "cle_api_absente"),
        (
            "POST",
            "/v1/items",
            {"content": b"{", "headers": {**KEY, "content-type": "application/json"}},
            400,
            "json_illisible",
        ),
        (
            "POST",
            "/v1/items",
            {
                "content": b'"\xe9t\xe9"',
                "headers": {**KEY, "content-type": "application/json"},
            },
            400,
            "requete_illisible",
        ),
        (
            "POST",
            "/v1/items",
            {"content": b"[" * 900, "headers": {**KEY, "content-type": "application/json"}},
            400,
            "json_illisible",
        ),
        ("POST", "/v1/items", {"content": b"x" * 1001, "headers": KEY}, 413, "corps_trop_grand"),
    ],
)
async def test_every_error_is_a_problem(
    method: str, path: str, options: dict[str, Any], status: int, code: str
) -> None:
    document = await problem(method, path, options)

    assert (document["status"], document["code"]) == (status, code)


async def test_an_unexpected_error_tells_nothing_of_the_inside() -> None:
    answer = await ask("GET", "/v1/panne")

    assert "mot-de-passe" not in answer.text
    assert "KeyError" not in answer.text


async def test_a_server_that_is_away_is_not_named_and_says_when_to_come_back() -> None:
    answer = await ask("GET", "/v1/absent")

    assert "10.0.0.7" not in answer.text
    assert int(answer.headers["retry-after"]) > 0


async def test_a_deeply_nested_body_is_refused_not_fatal() -> None:
    async with client(make_app()) as http:
        answer = await http.post(
            "/v1/items",
            content=b"[" * 200_000,
            headers={**KEY, "content-type": "application/json"},
        )

    assert answer.status_code == 400


async def test_extra_members_never_replace_the_reserved_ones() -> None:
    document = await problem("GET", "/v1/conflit/a")

    assert (document["status"], document["par"]) == (409, "x")


async def test_wrong_fields_are_listed_with_what_to_do() -> None:
    document = await problem(
        "POST", "/v1/items", {"json": {"nom": " ", "rang": "x"}, "headers": KEY}
    )

    by_field = {erreur["champ"]: erreur for erreur in document["erreurs"]}
    assert by_field["body.nom"]["message"] == "Le nom est vide."
    assert by_field["body.rang"]["message"] == "Un nombre entier est attendu."
    assert by_field["body.rang"]["que_faire"]


async def test_the_limit_of_a_body_is_told_and_holds_for_an_unannounced_length() -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"x" * 500

    document = await problem("POST", "/v1/items", {"content": chunks(), "headers": KEY})

    assert document["limite_octets"] == 1000


async def test_a_browser_gets_a_page_and_its_text_is_escaped() -> None:
    answer = await ask("GET", "/page/panne", {"headers": {"accept": "text/html,*/*"}})

    assert answer.status_code == 409
    assert answer.headers["content-type"].startswith("text/html")
    assert "&lt;b&gt;déjà&lt;/b&gt;" in answer.text


async def test_a_browser_on_an_api_address_still_gets_the_problem() -> None:
    await problem("GET", "/v1/conflit/a", {"headers": {"accept": "text/html,*/*"}})
