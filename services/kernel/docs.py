"""The OpenAPI 3.1 document and its page, served from local files only."""

from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI, Request
from starlette.responses import HTMLResponse

from services.kernel.problem import MEDIA_TYPE
from services.kernel.web import CachedFiles, Web

_TEXT: Final = {"type": "string"}
_PROBLEM_SCHEMA: Final[dict[str, Any]] = {
    "title": "Probleme",
    "description": "Réponse d'erreur (RFC 9457). `code` est stable ; les textes peuvent changer.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {**_TEXT, "format": "uri", "examples": ["urn:catalogue:probleme:introuvable"]},
        "title": _TEXT,
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {**_TEXT, "description": "Ce qui s'est passé, en français."},
        "code": {**_TEXT, "examples": ["introuvable"]},
        "instance": {**_TEXT, "description": "Chemin demandé."},
        "trace": {**_TEXT, "description": "Identifiant à donner pour demander de l'aide."},
        "erreurs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["champ", "code", "message", "que_faire"],
                "properties": {
                    "champ": {"type": ["string", "null"]},
                    "code": _TEXT,
                    "message": _TEXT,
                    "que_faire": {"type": ["string", "null"]},
                },
            },
        },
    },
}

PROBLEM_RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    status: {
        "description": description,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Probleme"}}},
    }
    for status, description in (
        ("4XX", "La demande est refusée : le problème dit pourquoi."),
        ("5XX", "Le service ne peut répondre."),
    )
}


class Api(FastAPI):
    """FastAPI whose OpenAPI document knows our problem documents."""

    def openapi(self) -> dict[str, Any]:
        """Return the document, made once."""
        if self.openapi_schema is None:
            document = super().openapi()
            schemas = document.setdefault("components", {}).setdefault("schemas", {})
            schemas["Probleme"] = _PROBLEM_SCHEMA
        return super().openapi()


def install(app: FastAPI, web: Web, service: str) -> None:
    """Serve `/docs`: Swagger UI in a page of ours, among those of the other services."""

    async def page(request: Request) -> HTMLResponse:
        context = {"rubrique": "docs", "titre_api": app.title, "api": service}
        return web.page(request, "docs.html", context)

    swagger = Path(str(files("fastapi_offline"))) / "static"
    app.mount("/static/swagger", CachedFiles(directory=swagger))
    app.add_route("/docs", page, include_in_schema=False)
