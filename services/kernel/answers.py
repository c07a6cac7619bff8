"""How errors are answered: always a problem document, or a page for a reader who browses."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from services.kernel import tracing
from services.kernel.errors import Retry
from services.kernel.french import octets
from services.kernel.middleware import BODY_LIMIT, log_absence
from services.kernel.problem import (
    MEDIA_TYPE,
    BadRequest,
    NotFound,
    Problem,
    TooLarge,
    Unavailable,
)
from services.kernel.transient import is_transient
from services.kernel.validation import validation_problem

ErrorPage = Callable[[Request, Problem], Response | None]
"""Makes the page for a problem; None when the request is no page's. See `web.Web.error_page`."""

_RETRY_AFTER_S: Final = 5


class _MethodNotAllowed(Problem):
    status = 405
    default_code = "methode_non_admise"
    default_title = "Méthode non admise"


def install(app: FastAPI, error_page: ErrorPage | None) -> Callable[..., Any]:
    """Register the handlers; return the one of last resort, for `middleware.RequestContext`."""

    def answer(request: Request, problem: Problem) -> Response:
        page = error_page(request, problem) if error_page is not None else None
        return page if page is not None else problem_response(request, problem)

    async def on_problem(request: Request, exc: Exception) -> Response:
        problem = _as_problem(request, exc)
        if isinstance(problem, Unavailable):
            log_absence(request.scope, exc)
        return answer(request, problem)

    async def last_resort(request: Request, exc: Exception) -> Response:
        # What comes here was logged on its way (`RequestContext`).
        return answer(request, _as_problem(request, exc))

    for kind in (Problem, RequestValidationError, HTTPException, Retry):
        app.add_exception_handler(kind, on_problem)
    return last_resort


def problem_response(request: Request, problem: Problem) -> Response:
    """Return the problem as `application/problem+json`, with the id of its trace."""
    document = problem.document(trace=trace_id(), instance=request.url.path)
    return Response(
        orjson.dumps(document),
        status_code=problem.status,
        headers=problem.headers,
        media_type=MEDIA_TYPE,
    )


def trace_id() -> str | None:
    """Return the id of the trace being followed, for a reader to quote."""
    traceparent = tracing.current_traceparent()
    return traceparent.split("-")[1] if traceparent is not None else None


def _as_problem(request: Request, exc: Exception) -> Problem:
    if isinstance(exc, Problem):
        return exc
    if isinstance(exc, RequestValidationError):
        return validation_problem(exc.errors())
    if isinstance(exc, HTTPException):
        return _http_problem(request, exc)
    if isinstance(exc, Retry) or is_transient(exc):
        return Unavailable(
            "Un serveur nécessaire à cette réponse ne répond pas ; rien n'est perdu, réessayez "
            "dans quelques secondes.",
            retry_after=_RETRY_AFTER_S,
        )
    return Problem("Une erreur inattendue est survenue ; elle est enregistrée sous cette trace.")


def _http_problem(request: Request, exc: HTTPException) -> Problem:
    match exc.status_code:
        case HTTPStatus.NOT_FOUND:
            return NotFound("Aucune page ni ressource à cette adresse.", code="adresse_inconnue")
        case HTTPStatus.METHOD_NOT_ALLOWED:
            allowed = (exc.headers or {}).get("Allow", "")
            detail = f"Cette adresse n'admet que : {allowed}." if allowed else "Méthode non admise."
            return _MethodNotAllowed(detail, headers=exc.headers)
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            limit = request.scope[BODY_LIMIT]
            return TooLarge(
                f"Le corps dépasse la limite de {octets(limit)}.", extra={"limite_octets": limit}
            )
        case HTTPStatus.BAD_REQUEST:
            return BadRequest("Le corps de la requête n'est pas lisible.")
        case status:
            problem = Problem(
                str(exc.detail), code=f"http_{status}", title=HTTPStatus(status).phrase
            )
            problem.status = status
            return problem
