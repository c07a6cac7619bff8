"""Server-rendered pages: one base template, one stylesheet, the same for every service.

A service writes its templates in `services/<name>/templates` and extends `base.html`, whose blocks
are `titre`, `description`, `tete` (further head elements), `contenu` and `scripts`. No inline
script or style: the content security policy refuses them, `style="…"` included.
"""

from collections.abc import Mapping
from functools import cached_property
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI, Request
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from services.kernel import french
from services.kernel.answers import trace_id
from services.kernel.clock import Clock, jour_metier
from services.kernel.problem import Problem
from services.kernel.settings import KernelSettings

_KERNEL: Final = "services.kernel"
_NOT_PAGES: Final = ("/v1/", "/interne/", "/openapi.json", "/vivant", "/pret", "/metrics")
_FOREVER: Final = "public, max-age=31536000, immutable"
_AN_HOUR: Final = "public, max-age=3600"


class Web:
    """Renders the pages of one service.

    `package` is the service's (`services.search`): its `templates/` are looked up before the
    kernel's, its `static/` is served under `/static/service/`.
    """

    def __init__(self, settings: KernelSettings, clock: Clock, package: str = _KERNEL) -> None:
        """Prepare the templates; nothing is read from disk before the first page."""
        self._settings = settings
        self._clock = clock
        self._folders = {"": _folder(_KERNEL), "service/": _folder(package)}

    def page(
        self,
        request: Request,
        template: str,
        context: Mapping[str, Any] | None = None,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> HTMLResponse:
        """Return a page; `context` may set `rubrique` to the id of the current navigation entry.

        Every text is escaped; an undefined variable raises rather than leaving a blank.
        """
        html = self._environment.get_template(template).render(
            request=request,
            jour_metier=jour_metier(self._settings, self._clock),
            **{"rubrique": None, **(context or {})},
        )
        return HTMLResponse(html, status_code=status, headers=dict(headers or {}))

    def error_page(self, request: Request, problem: Problem) -> Response | None:
        """Return the problem as a page for a reader who browses; None where an API was called."""
        accepts_html = "text/html" in request.headers.get("accept", "")
        if not accepts_html or request.url.path.startswith(_NOT_PAGES):
            return None
        context = {"probleme": problem, "trace": trace_id()}
        return self.page(
            request, "erreur.html", context, status=problem.status, headers=problem.headers
        )

    def static_url(self, path: str) -> str:
        """Return the address of a static file, marked by its content and so cached for ever."""
        prefix = "service/" if path.startswith("service/") else ""
        content = (self._folders[prefix] / "static" / path.removeprefix(prefix)).read_bytes()
        return f"/static/{path}?v={blake2b(content, digest_size=6).hexdigest()}"

    def install(self, app: FastAPI) -> None:
        """Serve the static files; done by `create_api`."""
        service = self._folders["service/"] / "static"
        if service != self._folders[""] / "static" and service.is_dir():
            app.mount("/static/service", CachedFiles(directory=service))
        app.mount("/static", CachedFiles(directory=self._folders[""] / "static"))

    @cached_property
    def _environment(self) -> Environment:
        folders = (self._folders["service/"], self._folders[""])
        environment = Environment(
            loader=ChoiceLoader([FileSystemLoader(folder / "templates") for folder in folders]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=self._settings.environnement == "developpement",
        )
        environment.filters.update(french.FILTERS)
        addresses: dict[str, str] = {}

        def static(path: str) -> str:
            if path not in addresses:
                addresses[path] = self.static_url(path)
            return addresses[path]

        environment.globals.update(static=static, adresses=_addresses(self._settings))
        return environment


class CachedFiles(StaticFiles):
    """Static files: kept for ever when the address bears a mark of the content, else an hour."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return the file with its `Cache-Control`."""
        response = await super().get_response(path, scope)
        marked = scope["query_string"].startswith(b"v=")
        response.headers["Cache-Control"] = _FOREVER if marked else _AN_HOUR
        return response


def _folder(package: str) -> Path:
    return Path(str(files(package)))


def _addresses(settings: KernelSettings) -> dict[str, str]:
    return {
        name: str(getattr(settings, f"adresse_{name}")).rstrip("/")
        for name in ("collect", "enrich", "search", "export", "acces")
    }
