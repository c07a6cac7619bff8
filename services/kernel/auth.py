"""Who calls: identities, and the dependencies by which a route says whom it lets in.

Access is denied by default: `unguarded_routes` lists the routes that name neither `require(…)` nor
`public`, and each service has a test that this list is empty. Roles and scopes are plain strings
here; their vocabulary and meaning belong to `contracts`.

    @router.get("/v1/x")
    async def x(identity: Annotated[Identity, Depends(require(Role.LECTEUR))]) -> …

    @router.get("/v1/y", dependencies=[Depends(public)])
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Final, Protocol

import structlog
from fastapi import FastAPI, Request, Security
from fastapi.routing import iter_route_contexts
from fastapi.security import (
    APIKeyCookie,
    APIKeyHeader,
    HTTPAuthorizationCredentials,
    HTTPBearer,
)

from services.kernel import cookies
from services.kernel.limits import RateLimiter
from services.kernel.problem import Forbidden, Unauthorized

EVERYTHING: Final = "*"

_BEARER: Final = HTTPBearer(
    auto_error=False, scheme_name="Bearer", description="Clé d'API : `Authorization: Bearer cat_…`."
)
_HEADER: Final = APIKeyHeader(
    name="X-Api-Key", auto_error=False, scheme_name="X-Api-Key", description="Clé d'API."
)
_COOKIE: Final = APIKeyCookie(
    name=cookies.SECURE_NAME,
    auto_error=False,
    scheme_name="Session",
    description="Session d'une personne, ouverte par le service des accès.",
)


@dataclass(frozen=True, slots=True)
class Identity:
    """The holder of a verified key, or a person whose session is.

    `titulaire` is stable over the holder's successive keys and sessions: it is what data is owned
    by. `key_id` is the key's; a person has none, and is told there by `titulaire`.
    """

    key_id: str
    label: str
    role: str
    scopes: frozenset[str]
    titulaire: str

    def covers(self, scope: str) -> bool:
        """Tell whether this one scope is granted (`*` grants all)."""
        return EVERYTHING in self.scopes or scope in self.scopes

    def covers_any(self, scopes: Iterable[str]) -> bool:
        """Tell whether at least one of the scopes is granted."""
        return EVERYTHING in self.scopes or not self.scopes.isdisjoint(scopes)


class KeyVerifier(Protocol):
    """What `create_api` needs to know keys; the real one is `keystore.KeyStore`."""

    async def verify(self, text: str) -> Identity | None:
        """Return the holder; None when the key is malformed, unknown, expired or revoked."""
        ...


class SessionVerifier(Protocol):
    """What `create_api` needs to know sessions; the real one is `sessions.SessionStore`."""

    async def verify(self, token: str) -> Identity | None:
        """Return the holder; None when the session is unknown or over."""
        ...


async def _caller(
    request: Request,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)],
    header: Annotated[str | None, Security(_HEADER)],
    _: Annotated[str | None, Security(_COOKIE)],
) -> Identity | None:
    """Return who calls: a key, where there is one, whatever the cookies; else a session."""
    text = bearer.credentials if bearer is not None else header
    if text is None:
        return await _person(request)
    verifier: KeyVerifier = request.app.state.key_verifier
    identity = await verifier.verify(text.strip())
    if identity is None:
        _limiter(request).take(f"adresse:{address(request)}")
        raise Unauthorized(
            "Cette clé d'API n'est pas valable : elle est inconnue, expirée, révoquée ou mal "
            "recopiée.",
            code="cle_api_invalide",
            title="Clé d'API invalide",
        )
    _limiter(request).take(f"cle:{identity.key_id}")
    structlog.contextvars.bind_contextvars(cle=identity.key_id)
    return identity


async def _person(request: Request) -> Identity | None:
    """Return the holder of the session; None without one, or when it is over.

    A browser sends a cookie that is over without knowing: that is no fault of the caller, unlike a
    wrong key.
    """
    verifier: SessionVerifier | None = request.app.state.session_verifier
    token = cookies.token(request)
    identity = await verifier.verify(token) if token is not None and verifier is not None else None
    if identity is None:
        _limiter(request).take(f"adresse:{address(request)}")
        return None
    cookies.refuse_foreign_writes(request)
    _limiter(request).take(f"personne:{identity.titulaire}")
    structlog.contextvars.bind_contextvars(personne=identity.titulaire)
    return identity


def address(request: Request) -> str:
    """Return the caller's network address, as the trusted proxies tell it."""
    return request.client.host if request.client else ""


def _limiter(request: Request) -> RateLimiter:
    limiter: RateLimiter = request.app.state.rate_limiter
    return limiter


Caller = Annotated[Identity | None, Security(_caller)]


async def public(caller: Caller) -> Identity | None:
    """Dependency of a route open to all. A key is not needed, but a wrong one is refused."""
    return caller


class require:  # noqa: N801 -- read as the verb that it is: Depends(require("…"))
    """Dependency of a route for holders of one of these roles; returns their `Identity`.

    Raises `Unauthorized` (401) without a valid key or session, `Forbidden` (403) for another role.
    Scopes are judged by the use case, which knows what the request touches.
    """

    def __init__(self, *roles: str) -> None:
        """Name the roles that may pass; at least one."""
        if not roles:
            raise ValueError("require() names at least one role; an open route says `public`")
        self.roles = frozenset(roles)

    async def __call__(self, caller: Caller) -> Identity:
        """Let the caller pass or raise."""
        if caller is None:
            raise Unauthorized(
                "Cette adresse demande une clé d'API, dans l'en-tête « Authorization: Bearer … » "
                "ou « X-Api-Key », ou une session ouverte."
            )
        if caller.role not in self.roles:
            allowed = ", ".join(sorted(self.roles))
            raise Forbidden(
                f"Le rôle « {caller.role} » ne permet pas cette action ; rôles admis : {allowed}.",
                code="role_insuffisant",
            )
        return caller


def unguarded_routes(app: FastAPI) -> list[str]:
    """Return `METHOD /path` of each route that neither requires a role nor says it is public.

    The kernel's own routes (health, documentation, static files) are not API routes and not listed.
    """
    return [
        f"{'|'.join(sorted(route.methods or ()))} {route.path}"
        for route in iter_route_contexts(app.routes)
        if getattr(route, "dependant", None) is not None and not _guarded(route.dependant)
    ]


def _guarded(dependant: Any) -> bool:  # noqa: ANN401 -- FastAPI does not export the type
    if dependant.call is public or isinstance(dependant.call, require):
        return True
    return any(_guarded(child) for child in dependant.dependencies)
