"""Every route of every service is in the table, and its door admits the roles told there."""

from collections.abc import AsyncIterator, Iterator
from functools import cache
from importlib import import_module
from typing import Any, Final

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from contracts.portees import Role
from services.kernel.auth import Identity, require
from tests.support.routes import Portee, Route
from tests.support.table_routes_autres import TABLES

_SERVICES: Final = sorted(TABLES)


class _Cles:
    async def verify(self, text: str) -> Identity | None:
        return Identity(text, text, text, frozenset(), text)


@cache
def application(service: str) -> FastAPI:
    module = import_module(f"services.{service}.entrypoints.api")
    app: FastAPI = module.create_app(module.ApiSettings())
    app.state.key_verifier = _Cles()
    app.state.serveur = app.state.moyens = app.state.outils = None
    return app


def portes(app: FastAPI) -> Iterator[tuple[str, frozenset[str] | None]]:
    """Yield the roles that the door of each route admits, None for a public one."""
    for route in iter_route_contexts(app.routes):
        dependances = getattr(route, "dependant", None)
        if dependances is None:
            continue
        exigences = [un.roles for un in _appeles(dependances) if isinstance(un, require)]
        for methode in route.methods or ():
            nom = f"{methode} {route.path}"
            yield nom, frozenset.intersection(*exigences) if exigences else None


def _appeles(dependances: Any) -> Iterator[Any]:  # noqa: ANN401 - FastAPI does not export the type
    yield dependances.call
    for fille in dependances.dependencies:
        yield from _appeles(fille)


def admis(lignes: list[Route], nom: str) -> frozenset[str] | None:
    """Return the roles that the table lets in by a route, whatever the platform or the scope."""
    siennes = [ligne for ligne in lignes if ligne.nom == nom]
    if any(ligne.portee is Portee.PUBLIQUE for ligne in siennes):
        return None
    return frozenset[str]().union(*(ligne.roles | ligne.nationaux for ligne in siennes))


@pytest.mark.parametrize("service", _SERVICES)
def test_every_route_is_in_the_table_and_no_other(service: str) -> None:
    existantes = {nom for nom, _ in portes(application(service))}

    assert {ligne.nom for ligne in TABLES[service]} == existantes


@pytest.mark.parametrize("service", _SERVICES)
def test_no_door_is_closed_to_a_role_of_the_table(service: str) -> None:
    for nom, porte in portes(application(service)):
        attendus = admis(TABLES[service], nom)
        if porte is None or attendus is None:
            assert (nom, porte) == (nom, attendus)
        else:
            assert (nom, attendus - porte) == (nom, frozenset())


@pytest.mark.parametrize("service", sorted(TABLES.keys() - {"export"}))
def test_a_door_is_open_to_the_roles_of_the_table_only(service: str) -> None:
    """Export lets in by platform: its refusals within are tested on a real database."""
    for nom, porte in portes(application(service)):
        assert (nom, porte) == (nom, admis(TABLES[service], nom))


@pytest.fixture
async def client(service: str) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(application(service))
    async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
        yield client


@pytest.mark.parametrize("service", _SERVICES)
async def test_without_key_or_with_another_role_nobody_comes_in(
    service: str, client: httpx.AsyncClient
) -> None:
    for nom, porte in portes(application(service)):
        if porte is None:
            continue
        methode, _, chemin = nom.partition(" ")
        anonyme = await client.request(methode, chemin)
        assert (nom, anonyme.status_code) == (nom, 401)
        for role in set(Role) - porte:
            refus = await client.request(methode, chemin, headers={"X-Api-Key": role})
            assert (nom, role, refus.status_code) == (nom, role, 403)
            assert refus.json()["code"] == "role_insuffisant"
