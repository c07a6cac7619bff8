"""The cookie of a session, and the requests that a page of another site makes with it."""

from typing import Final
from urllib.parse import urlsplit

from fastapi import Request
from starlette.responses import Response

from services.kernel.problem import Forbidden
from services.kernel.settings import KernelSettings

SECURE_NAME: Final = "__Host-catalogue"
"""Browsers take a cookie of this name only over TLS, from this very host, for all its paths."""

_DEVELOPMENT_NAME: Final = "catalogue"
_READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN: Final = frozenset({"same-origin", "none"})


def token(request: Request) -> str | None:
    """Return the token of the caller's session, verified by nobody yet."""
    settings: KernelSettings = request.app.state.settings
    return request.cookies.get(_name(settings))


def give(response: Response, settings: KernelSettings, value: str) -> None:
    """Have the browser keep a session's token: sent to no script and from no other site."""
    response.set_cookie(
        _name(settings),
        value,
        max_age=settings.session_duree_s,
        path="/",
        secure=_secure(settings),
        httponly=True,
        samesite="strict",
    )


def take_back(response: Response, settings: KernelSettings) -> None:
    """Have the browser forget the token."""
    response.delete_cookie(
        _name(settings), path="/", secure=_secure(settings), httponly=True, samesite="strict"
    )


def refuse_foreign_writes(request: Request) -> None:
    """Raise `Forbidden` for a request that changes something and comes from another site's page.

    Every browser sends `Origin` with such a request, most also `Sec-Fetch-Site`; a program that is
    no browser sends neither, and carries nobody's cookies unknowingly.
    """
    if request.method in _READING:
        return
    fetched_from = request.headers.get("sec-fetch-site", "none")
    origin = request.headers.get("origin")
    own = origin is None or urlsplit(origin).netloc == request.headers.get("host")
    if fetched_from not in _OWN or not own:
        raise Forbidden(
            "Cette demande vient d'une page d'un autre site : elle est refusée. Faites-la depuis "
            "les pages du catalogue, ou avec une clé d'API.",
            code="origine_etrangere",
        )


def _name(settings: KernelSettings) -> str:
    return SECURE_NAME if _secure(settings) else _DEVELOPMENT_NAME


def _secure(settings: KernelSettings) -> bool:
    return settings.environnement == "production"
