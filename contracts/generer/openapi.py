"""The OpenAPI 3.1 document of each API, from the application that serves it.

The applications are found by name, at run time: this package imports no service, and only this
command needs any.
"""

import importlib
import importlib.util
from typing import Any, Final

APIS: Final = ("collect", "enrich", "search", "export", "acces")


def module(nom: str) -> str:
    """Return the module that makes a service's API."""
    return f"services.{nom}.entrypoints.api"


def existe(nom: str) -> bool:
    """Tell whether a service has an API."""
    try:
        return importlib.util.find_spec(module(nom)) is not None
    except ModuleNotFoundError:
        return False


def document(nom: str) -> dict[str, Any]:
    """Return the document of a service's API, made with its default settings, without starting it.

    Servers are left out: they belong to an installation.
    """
    reglages = importlib.import_module(f"services.{nom}.settings")
    application = importlib.import_module(module(nom)).create_app(reglages.ApiSettings())
    openapi: dict[str, Any] = application.openapi()
    openapi.pop("servers", None)
    return openapi
