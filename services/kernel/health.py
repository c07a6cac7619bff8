"""Health over HTTP: three questions with three different remedies.

- `/vivant`: the loop turns. If not: restart.
- `/pret`: the servers it needs answer and its group gave it partitions. If not: send no traffic.
- `/avancement-technique`: commits advance while records wait. If not: it hangs; restart, alert.

`/metrics` is Prometheus' page.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.kernel import telemetry

Check = Callable[[], Awaitable[object]]
_CHECK_TIMEOUT_S: Final = 3.0


@dataclass(frozen=True, slots=True)
class Progress:
    """Whether work advances, and the figures that tell."""

    healthy: bool
    detail: dict[str, Any] = field(default_factory=dict)


class Health:
    """What one process tells about itself. Checks raise when their subject is not well."""

    def __init__(self, *, progress: Callable[[], Progress] | None = None) -> None:
        """Answer `/avancement-technique` with `progress()`; without one, always well."""
        self._checks: dict[str, Check] = {}
        self._progress = progress

    def require(self, name: str, check: Check) -> None:
        """Make readiness depend on `check`; it has three seconds to answer."""
        self._checks[name] = check

    async def ready(self) -> dict[str, str]:
        """Run the checks at once; return `ok` or the fault of each, by name."""
        names = list(self._checks)
        results = await asyncio.gather(*(self._run(name) for name in names))
        return dict(zip(names, results, strict=True))

    def progress(self) -> Progress:
        """Tell whether work advances."""
        return self._progress() if self._progress else Progress(healthy=True)

    async def _run(self, name: str) -> str:
        try:
            async with asyncio.timeout(_CHECK_TIMEOUT_S):
                await self._checks[name]()
        except Exception as error:  # noqa: BLE001 - whatever is wrong is the answer
            return repr(error)
        return "ok"


def health_routes(health: Health) -> list[Route]:
    """Return the four routes, to be mounted on any Starlette or FastAPI application."""

    async def live(_: Request) -> Response:
        return JSONResponse({"etat": "vivant"})

    async def ready(_: Request) -> Response:
        checks = await health.ready()
        well = all(result == "ok" for result in checks.values())
        return JSONResponse({"pret": well, "verifications": checks}, 200 if well else 503)

    async def progress(_: Request) -> Response:
        told = health.progress()
        body = {"avance": told.healthy, **told.detail}
        return JSONResponse(body, 200 if told.healthy else 503)

    async def metrics(_: Request) -> Response:
        body, media_type = telemetry.exposition()
        return Response(body, media_type=media_type)

    return [
        Route("/vivant", live),
        Route("/pret", ready),
        Route("/avancement-technique", progress),
        Route("/metrics", metrics),
    ]


def health_app(health: Health) -> Starlette:
    """Return an application of these routes alone, for processes without an API."""
    return Starlette(routes=health_routes(health))
