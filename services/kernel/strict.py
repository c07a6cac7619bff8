"""An unknown query parameter is an error: a filter that is silently ignored answers falsely."""

from difflib import get_close_matches
from typing import Any

from fastapi import FastAPI, Request
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel
from starlette.responses import HTMLResponse

from services.kernel.problem import Erreur, Invalid

Declared = dict[Any, frozenset[str]]


async def refuse_unknown_parameters(request: Request) -> None:
    """Dependency of a whole application: raises `Invalid` (422) naming what the route knows.

    Pages (routes answering HTML) are left alone: links to them are shared, and sites that pass
    them on append parameters of their own.
    """
    if not request.query_params:
        return
    app: FastAPI = request.app
    known = _declared(app).get(request.scope["endpoint"])
    if known is None:
        return
    unknown = [name for name in dict.fromkeys(request.query_params) if name not in known]
    if unknown:
        raise Invalid(
            "La requête porte un paramètre inconnu ; il n'est pas ignoré en silence.",
            [_erreur(name, known) for name in unknown],
            code="parametre_inconnu",
            title="Paramètre inconnu",
        )


def _erreur(name: str, known: frozenset[str]) -> Erreur:
    close = get_close_matches(name, known, n=1)
    if close:
        advice = f"Vouliez-vous dire « {close[0]} » ?"
    elif known:
        advice = f"Paramètres connus : {', '.join(sorted(known))}."
    else:
        advice = "Cette adresse n'a pas de paramètre."
    return Erreur(
        champ=f"query.{name}",
        code="parametre_inconnu",
        message=f"Le paramètre « {name} » n'existe pas ici.",
        que_faire=advice,
    )


def _declared(app: FastAPI) -> Declared:
    declared: Declared | None = getattr(app.state, "declared_parameters", None)
    if declared is None:
        declared = app.state.declared_parameters = _collect(app)
    return declared


def _collect(app: FastAPI) -> Declared:
    declared: Declared = {}
    for route in iter_route_contexts(app.routes):
        dependant = getattr(route, "dependant", None)
        if dependant is None or _is_page(route.response_class):
            continue
        names = declared.get(route.endpoint, frozenset())
        declared[route.endpoint] = names | _parameters(dependant)
    return declared


def _is_page(response_class: Any) -> bool:  # noqa: ANN401 -- a class, or FastAPI's placeholder of one
    cls = getattr(response_class, "value", response_class)
    return isinstance(cls, type) and issubclass(cls, HTMLResponse)


def _parameters(dependant: Any) -> frozenset[str]:  # noqa: ANN401 -- FastAPI does not export the type
    names: set[str] = set()
    for field in dependant.query_params:
        annotation = field.field_info.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            names.update(info.alias or name for name, info in annotation.model_fields.items())
        else:
            names.add(field.alias)
    for child in dependant.dependencies:
        names |= _parameters(child)
    return frozenset(names)
