"""A real socket: FastAPI's nested routers once worked in a test client and failed under uvicorn."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI

from services.kernel.auth import public
from services.kernel.http import create_api, serve
from tests.support.polling import eventually
from tests.unit.kernel_http.apps import Keys, make_app, settings


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncIterator[tuple[httpx.AsyncClient, asyncio.Event]]:
    config = settings(port=free_port())
    stop = asyncio.Event()
    server = asyncio.create_task(serve(app, config, stop=stop))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{config.port}") as http:

        async def answers() -> bool:
            try:
                return (await http.get("/vivant")).is_success
            except httpx.TransportError:
                return False

        is_up: bool = await eventually(answers)
        assert is_up
        yield http, stop
        stop.set()
        await server


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/items", 200),
        ("HEAD", "/v1/items", 405),
        ("GET", "/v1/conflit/x", 409),
        ("GET", "/v1/panne", 500),
        ("GET", "/nulle-part", 404),
        ("GET", "/pret", 200),
        ("GET", "/docs", 200),
    ],
)
async def test_over_a_real_socket(method: str, path: str, status: int) -> None:
    async with serving(make_app()) as (http, _):
        answer = await http.request(method, path)

    assert answer.status_code == status


async def test_a_request_in_flight_is_finished_at_a_stop() -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()
    router = APIRouter()

    @router.get("/lent", dependencies=[Depends(public)])
    async def slow() -> str:
        begun.set()
        await go_on.wait()
        return "fini"

    app = create_api(
        settings(),
        service="essai",
        title="Lent",
        version="1",
        summary="Lent.",
        routers=[router],
        keys=Keys(),
    )
    async with serving(app) as (http, stop):
        asked = asyncio.create_task(http.get("/lent"))
        await begun.wait()
        stop.set()
        go_on.set()
        answer = await asked

    assert answer.json() == "fini"


async def test_what_the_service_opens_is_closed_at_the_stop() -> None:
    events: list[str] = []

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        events.append("ouvert")
        yield
        events.append("ferme")

    app = create_api(
        settings(),
        service="essai",
        title="Vie",
        version="1",
        summary="Vie.",
        lifespan=lifespan,
        keys=Keys(),
    )
    async with serving(app):
        assert events == ["ouvert"]

    assert events == ["ouvert", "ferme"]
