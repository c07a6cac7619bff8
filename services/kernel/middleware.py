"""What surrounds every HTTP request: identifiers, log, metrics, security headers, last resort.

Plain ASGI, so that streamed bodies pass untouched and context variables reach the handlers.
"""

import re
import secrets
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from time import perf_counter
from typing import Final

import structlog
from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.kernel import telemetry, tracing

log = structlog.get_logger("http")

REQUEST_ID: Final = "X-Request-Id"
_REQUEST_ID_SHAPE: Final = re.compile(r"[0-9A-Za-z._-]{1,64}")
_UNROUTED: Final = "(aucune)"
_QUIET: Final = frozenset({"/vivant", "/pret", "/avancement-technique", "/metrics"})

LastResort = Callable[[Request, Exception], Awaitable[Response]]


class RequestContext:
    """Gives each request an id and a trace, logs and measures it, answers what nothing else did.

    The caller's `X-Request-Id` is kept when harmless. The log has neither headers, nor query
    string, nor body: no key can be in it. Routes are measured by template, never by address.
    """

    def __init__(self, app: ASGIApp, *, service: str, last_resort: LastResort) -> None:
        """Name the service for the metrics and say how an unexpected exception is answered."""
        self._app = app
        self._service = service
        self._last_resort = last_resort

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request_id = _request_id(headers)
        with _traced(headers) as traceparent:
            structlog.contextvars.clear_contextvars()
            structlog.contextvars.bind_contextvars(
                requete=request_id, trace=traceparent.split("-")[1]
            )
            marks = {REQUEST_ID: request_id, "traceparent": traceparent}
            await self._handle(scope, receive, _Answer(send, marks))

    async def _handle(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        start = perf_counter()
        try:
            await self._app(scope, receive, answer)
        except Exception as exc:
            log.exception("requete.echec", methode=scope["method"], chemin=scope["path"])
            if answer.status:
                raise  # the answer has begun: only closing the connection can tell
            response = await self._last_resort(Request(scope, receive), exc)
            await response(scope, receive, answer)
        finally:
            self._record(scope, answer.status, perf_counter() - start)

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        route = _template(scope)
        labels = (self._service, scope["method"], route, str(status))
        telemetry.HTTP_SECONDS.labels(*labels).observe(seconds)
        if scope["path"] not in _QUIET:
            log.info(
                "requete",
                methode=scope["method"],
                route=route,
                statut=status,
                duree_ms=round(seconds * 1000, 1),
            )


class _Answer:
    """A `send` that marks the answer's head and remembers its status, 0 before it."""

    def __init__(self, send: Send, marks: Mapping[str, str]) -> None:
        self._send = send
        self._marks = marks
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            MutableHeaders(scope=message).update(self._marks)
        await self._send(message)


class SecurityHeaders:
    """Adds the headers that keep an answer from being sniffed, framed, or made to run a script."""

    def __init__(self, app: ASGIApp, *, headers: Iterable[tuple[str, str]]) -> None:
        """Take the headers; one that the answer sets itself is left as it is."""
        self._app = app
        self._headers = tuple(headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""

        async def send_secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                for name, value in self._headers:
                    answer.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_secured if scope["type"] == "http" else send)


def _request_id(headers: Headers) -> str:
    given = headers.get(REQUEST_ID, "")
    return given if _REQUEST_ID_SHAPE.fullmatch(given) else secrets.token_hex(8)


def _template(scope: Scope) -> str:
    path = getattr(scope.get("route"), "path", None)
    return path if isinstance(path, str) else _UNROUTED


@contextmanager
def _traced(headers: Headers) -> Iterator[str]:
    """Follow FastAPI's span where traces are exported, else the caller's trace, else a new one."""
    begun = tracing.current_traceparent()
    if begun is not None:
        yield begun
        return
    for candidate in (headers.get("traceparent"), _new_traceparent()):
        with tracing.following(candidate):
            followed = tracing.current_traceparent()
            if followed is not None:
                yield followed
                return


def _new_traceparent() -> str:
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-00"
