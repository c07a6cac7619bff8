"""What surrounds every HTTP request: identifiers, log, metrics, security headers, last resort.

Plain ASGI, so that streamed bodies pass untouched and context variables reach the handlers.
"""

import re
import secrets
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from time import perf_counter
from typing import Final

import structlog
from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.kernel import telemetry, tracing
from services.kernel.logs import causes, logger
from services.kernel.transient import is_transient

REQUEST_ID: Final = "X-Request-Id"
_REQUEST_ID_SHAPE: Final = re.compile(r"[0-9A-Za-z._-]{1,64}")
BODY_LIMIT: Final = "catalogue.corps_max"
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
            structlog.contextvars.bind_contextvars(requete=request_id)
            marks = {REQUEST_ID: request_id, "traceparent": traceparent}
            await self._handle(scope, receive, _Answer(send, marks))

    async def _handle(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        start = perf_counter()
        try:
            await self._app(scope, receive, answer)
        except ClientDisconnect:
            logger.info("requete.interrompue", methode=scope["method"], chemin=scope["path"])
        except Exception as exc:
            _log_failure(scope, exc)
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
        if scope["path"] not in _QUIET and not scope["path"].startswith("/static/"):
            logger.info(
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
            self.status = int(message["status"])
            MutableHeaders(scope=message).update(self._marks)
        await self._send(message)


class BodyLimit:
    """Stops an ordinary body at a limit: 413, raised where the body is being read.

    The limit stands in the scope as `BODY_LIMIT`, where a route that streams its body raises it
    (`bodies.allow_stream`). Starlette's own limiter answers in plain text, past our handlers.
    """

    def __init__(self, app: ASGIApp, *, limit: int) -> None:
        """Take the limit in bytes as received."""
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope[BODY_LIMIT] = self._limit
        declared = Headers(scope=scope).get("content-length", "")
        announced = int(declared) if declared.isdecimal() else 0
        received = 0

        async def receive_limited() -> Message:
            nonlocal received
            if announced > scope[BODY_LIMIT]:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            message = await receive()
            received += len(message.get("body", b""))
            if received > scope[BODY_LIMIT]:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return message

        await self._app(scope, receive_limited, send)


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


def log_absence(scope: Scope, exc: Exception) -> None:
    """Log why a request is answered by « réessayez »: the answer itself names no server."""
    logger.warning(
        "requete.serveur_absent",
        methode=scope["method"],
        chemin=scope["path"],
        causes=causes(exc),
    )


def _log_failure(scope: Scope, exc: Exception) -> None:
    if is_transient(exc):
        log_absence(scope, exc)
    else:
        logger.exception("requete.echec", methode=scope["method"], chemin=scope["path"])


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
