"""A person's cookie beside keys: who comes in by it, and which pages may use it."""

import httpx
import pytest
from fastapi import FastAPI
from starlette.responses import Response

from services.kernel import cookies
from services.kernel.auth import Identity
from services.kernel.settings import KernelSettings
from tests.unit.kernel_http.apps import client, make_app, settings

BODY = {"nom": "a", "rang": 1}
AUTHOR = Identity("moi", "Moi", "auteur", frozenset(), "moi")


class Sessions:
    """Knows one token, whose text is the role that it gives."""

    async def verify(self, token: str) -> Identity | None:
        return AUTHOR if token == "auteur" else None


def app_with_sessions() -> FastAPI:
    app = make_app()
    app.state.session_verifier = Sessions()
    return app


async def write(token: str | None = "auteur", **headers: str) -> httpx.Response:
    async with client(app_with_sessions(), **headers) as http:
        if token is not None:
            http.cookies["catalogue"] = token
        return await http.post("/v1/items", json=BODY)


async def test_a_session_opens_the_same_routes_as_a_key() -> None:
    assert (await write()).json() == "a moi"


async def test_a_session_that_is_over_counts_as_none() -> None:
    answer = await write("finie")

    assert (answer.status_code, answer.json()["code"]) == (401, "cle_api_absente")


async def test_a_session_that_is_over_keeps_nobody_out_of_an_open_route() -> None:
    async with client(app_with_sessions()) as http:
        http.cookies["catalogue"] = "finie"
        assert (await http.get("/v1/items")).status_code == 200


async def test_a_key_is_what_counts_when_both_are_sent() -> None:
    assert (await write(X_Api_Key="lecteur")).status_code == 403
    assert (await write(X_Api_Key="inconnue")).status_code == 401
    assert (await write("finie", X_Api_Key="auteur")).json() == "a h"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://ailleurs.example"},
        {"Origin": "null"},
        {"Origin": "http://essai.ailleurs.example"},
        {"Origin": "http://essai:8443"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://ailleurs.example"},
    ],
)
async def test_another_site_s_page_writes_nothing_with_the_cookie(headers: dict[str, str]) -> None:
    async with client(app_with_sessions()) as http:
        http.cookies["catalogue"] = "auteur"
        answer = await http.post("/v1/items", json=BODY, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (403, "origine_etrangere")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://essai"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://essai"},
        {"Sec-Fetch-Site": "none"},
    ],
)
async def test_our_own_pages_write_with_the_cookie(headers: dict[str, str]) -> None:
    async with client(app_with_sessions()) as http:
        http.cookies["catalogue"] = "auteur"
        assert (await http.post("/v1/items", json=BODY, headers=headers)).status_code == 200


async def test_a_key_is_used_from_any_page() -> None:
    answer = await write(None, X_Api_Key="auteur", Origin="https://ailleurs.example")

    assert answer.status_code == 200


async def test_no_other_site_reads_with_the_cookie() -> None:
    async with client(app_with_sessions(), Origin="https://ailleurs.example") as http:
        http.cookies["catalogue"] = "auteur"
        answer = await http.get("/v1/items")

    assert "access-control-allow-credentials" not in answer.headers


def production() -> KernelSettings:
    return settings().model_copy(update={"environnement": "production"})


def test_the_cookie_is_sent_to_no_script_nor_from_another_site() -> None:
    answer = Response()
    cookies.give(answer, production(), "x")

    given = answer.headers["set-cookie"]
    assert given.startswith(f"{cookies.SECURE_NAME}=x;")
    assert {"HttpOnly", "Secure", "SameSite=strict", "Path=/", "Max-Age=2592000"} <= set(
        given.split("; ")
    )
    assert "domain" not in given.lower()


def test_a_session_of_development_needs_no_tls() -> None:
    answer = Response()
    cookies.give(answer, settings(), "x")

    assert "Secure" not in answer.headers["set-cookie"]


def test_a_session_that_is_closed_is_forgotten_by_the_browser() -> None:
    answer = Response()
    cookies.take_back(answer, production())

    assert "Max-Age=0" in answer.headers["set-cookie"]
