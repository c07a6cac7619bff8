"""What a process tells about itself over HTTP."""

import asyncio

import httpx
import pytest
from starlette.applications import Starlette

from services.kernel.health import Health, Progress, health_app


async def get(app: Starlette, path: str) -> httpx.Response:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
        return await client.get(path)


async def test_alive_as_soon_as_it_answers() -> None:
    assert (await get(health_app(Health()), "/vivant")).status_code == 200


async def test_ready_when_every_check_passes() -> None:
    health = Health()

    async def well() -> None: ...

    health.require("mongo", well)
    answer = await get(health_app(health), "/pret")
    assert answer.status_code == 200
    assert answer.json() == {"pret": True, "verifications": {"mongo": "ok"}}


async def test_not_ready_when_one_fails_and_says_which() -> None:
    health = Health()

    async def away() -> None:
        raise ConnectionError("refusé")

    async def well() -> None: ...

    health.require("kafka", away)
    health.require("mongo", well)
    answer = await get(health_app(health), "/pret")
    assert answer.status_code == 503
    assert answer.json()["verifications"] == {"kafka": "ConnectionError('refusé')", "mongo": "ok"}


async def test_a_check_that_hangs_is_a_check_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.kernel.health._CHECK_TIMEOUT_S", 0.01)
    health = Health()
    health.require("kafka", asyncio.Event().wait)
    assert (await get(health_app(health), "/pret")).status_code == 503


@pytest.mark.parametrize(("healthy", "status"), [(True, 200), (False, 503)])
async def test_progress_is_an_answer_of_its_own(healthy: bool, status: int) -> None:
    health = Health(progress=lambda: Progress(healthy, {"retard": 12}))
    answer = await get(health_app(health), "/avancement-technique")
    assert answer.status_code == status
    assert answer.json() == {"avance": healthy, "retard": 12}


async def test_metrics_are_in_the_text_format() -> None:
    answer = await get(health_app(Health()), "/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert "# HELP catalogue_consumer_lag " in answer.text
