"""The one way to make and serve an HTTP API of the catalogue."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any, Final

from fastapi import APIRouter, Depends, FastAPI
from starlette.middleware.cors import CORSMiddleware

from services.kernel import answers, docs
from services.kernel.access import open_access
from services.kernel.auth import KeyVerifier, SessionVerifier
from services.kernel.clock import SystemClock
from services.kernel.health import Health, health_routes
from services.kernel.limits import RateLimiter
from services.kernel.middleware import REQUEST_ID, BodyLimit, RequestContext, SecurityHeaders
from services.kernel.process import serve_app, stop_event
from services.kernel.settings import KernelSettings
from services.kernel.strict import refuse_unknown_parameters
from services.kernel.web import Web

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]
"""Opens what a service's routes use and keeps it in `app.state`; closes it at the end."""

_POLICY: Final = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
SECURITY_HEADERS: Final = (
    ("Content-Security-Policy", _POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=(self)"),
)


def create_api(  # noqa: PLR0913 -- all by name, each one thing that an API has
    settings: KernelSettings,
    *,
    service: str,
    title: str,
    version: str,
    summary: str,
    description: str = "",
    routers: Sequence[APIRouter] = (),
    lifespan: Lifespan | None = None,
    keys: KeyVerifier | None = None,
    sessions: SessionVerifier | None = None,
    health: Health | None = None,
    web: Web | None = None,
) -> FastAPI:
    """Return an API with everything that is common to all.

    Every error is a problem document (or a page, see `Web.error_page`); an unknown query parameter
    is a 422; bodies stop at `settings.corps_max` unless the route streams them (`bodies`); answers
    carry security headers, `X-Request-Id` and `traceparent`; `GET` may be called from other sites;
    `/docs` and `/openapi.json` describe the API (French `title`, `summary`, `description`);
    the answers of `health` and the metrics are served. Routes need `auth.require` or `auth.public`.

    `keys` and `sessions` replace the stores of both, which are otherwise opened with the lifespan
    and kept in `app.state`; `web` brings the service's own templates and static files.
    """
    pages = web or Web(settings, SystemClock())
    told = health or Health()
    app = docs.Api(
        title=title,
        version=version,
        summary=summary,
        description=description,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan(settings, lifespan, keys, told),
        dependencies=[Depends(refuse_unknown_parameters)],
        responses=docs.PROBLEM_RESPONSES,
        telemetry={
            "tracing": settings.traces_otlp is not None,
            "metrics": False,
            "logs": False,
            "operation_spans": False,
            "auto_configure": False,
        },
    )
    app.state.settings = settings
    app.state.key_verifier = keys
    app.state.session_verifier = sessions
    app.state.rate_limiter = RateLimiter(
        settings.debit_par_seconde, settings.debit_rafale, settings.debit_suivis_max
    )
    for router in routers:
        app.include_router(router)
    app.router.routes.extend(health_routes(told))
    docs.install(app, pages, service)
    pages.install(app)
    _surround(app, settings, service, answers.install(app, pages.error_page))
    return app


async def serve(
    app: FastAPI, settings: KernelSettings, *, stop: asyncio.Event | None = None
) -> None:
    """Serve until SIGTERM or SIGINT, then finish the requests in flight and return.

    Those still unfinished after `settings.arret_max_s` are cut. A process that does more than
    serving gives its own `stop` instead of the signals.
    """
    await serve_app(app, settings, stop or stop_event())


def _surround(
    app: FastAPI, settings: KernelSettings, service: str, last_resort: Callable[..., Any]
) -> None:
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.origines_cors,
        allow_methods=["GET", "HEAD"],
        allow_headers=["Authorization", "X-Api-Key", "traceparent", REQUEST_ID],
        expose_headers=["Link", "Retry-After", REQUEST_ID, "traceparent"],
        max_age=3600,
    )
    app.add_middleware(BodyLimit, limit=settings.corps_max)
    app.add_middleware(RequestContext, service=service, last_resort=last_resort)
    app.add_middleware(SecurityHeaders, headers=SECURITY_HEADERS)


def _lifespan(
    settings: KernelSettings, inner: Lifespan | None, keys: KeyVerifier | None, health: Health
) -> Lifespan:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            if keys is None:
                access = await stack.enter_async_context(open_access(settings))
                app.state.access = access
                app.state.key_verifier = access.keys
                app.state.session_verifier = access.sessions
                health.require("acces", access.keys.ping)
            if inner is not None:
                await stack.enter_async_context(inner(app))
            yield

    return lifespan
