"""A small API made with the kernel, and a client of it without any socket."""

from datetime import date
from typing import Annotated

import httpx
from fastapi import APIRouter, Depends, FastAPI, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, field_validator

from services.kernel import bodies
from services.kernel.auth import Identity, public, require
from services.kernel.errors import Retry
from services.kernel.http import create_api
from services.kernel.problem import Conflict
from services.kernel.settings import KernelSettings


class Keys:
    """Knows three keys, whose text is the role that they give."""

    async def verify(self, text: str) -> Identity | None:
        if text not in ("lecteur", "auteur", "maitre"):
            return None
        return Identity(text, text, text, frozenset({"siret:1"}), "h")


class Item(BaseModel):
    """A body with a rule whose message is French."""

    nom: str
    rang: int

    @field_validator("nom")
    @classmethod
    def _no_blank(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("Le nom est vide.")
        return value


class Filters(BaseModel):
    """Query parameters declared as a model."""

    couleur: str | None = None


def settings(**changes: float) -> KernelSettings:
    return KernelSettings(jour_metier=date(2020, 11, 16)).model_copy(update=changes)


def make_app(config: KernelSettings | None = None) -> FastAPI:
    config = config or settings()
    api = APIRouter(prefix="/v1")
    pages = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

    @api.get("/items", dependencies=[Depends(public)])
    async def items(page: Annotated[int, Query(ge=1)] = 1) -> int:
        return page

    @api.get("/filtres", dependencies=[Depends(public)])
    async def filtres(filters: Annotated[Filters, Query()]) -> str | None:
        return filters.couleur

    @api.post("/items")
    async def add(item: Item, who: Annotated[Identity, Depends(require("auteur"))]) -> str:
        return f"{item.nom} {who.titulaire}"

    @api.post("/flux", dependencies=[Depends(require("auteur"))])
    async def flux(request: Request) -> int:
        return sum([len(chunk) async for chunk in bodies.decoded(request, config)])

    _routes_that_fail(api)

    @pages.get("/page", dependencies=[Depends(public)])
    async def page() -> str:
        return "<p>page</p>"

    @pages.get("/page/panne", dependencies=[Depends(public)])
    async def page_panne() -> str:
        raise Conflict("<b>déjà</b> là")

    return create_api(
        config,
        service="essai",
        title="API d'essai",
        version="1.2.3",
        summary="Pour les tests.",
        routers=[api, pages],
        keys=Keys(),
    )


def _routes_that_fail(api: APIRouter) -> None:
    @api.get("/conflit/{quoi}", dependencies=[Depends(public)])
    async def conflit(quoi: str) -> None:
        raise Conflict(f"« {quoi} » est pris.", code="pris", extra={"par": "x", "status": 1})

    @api.get("/panne", dependencies=[Depends(public)])
    async def panne() -> None:
        raise KeyError("mot-de-passe")

    @api.get("/absent", dependencies=[Depends(public)])
    async def absent() -> None:
        raise ConnectionRefusedError("10.0.0.7")

    @api.get("/reprise", dependencies=[Depends(public)])
    async def reprise() -> None:
        try:
            raise ConnectionRefusedError("mongodb://catalogue:mot-de-passe@10.0.0.7/?x=1")
        except ConnectionError as error:
            raise Retry("MongoDB ne répond pas") from error


def client(app: FastAPI, **headers: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.AsyncClient(transport=transport, base_url="http://essai", headers=named)
