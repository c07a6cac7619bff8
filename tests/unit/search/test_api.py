"""The API as an application: guarded routes, documented parameters."""

from fastapi import FastAPI

from services.kernel.auth import Identity, unguarded_routes
from services.search.entrypoints.api import create_app
from services.search.settings import ApiSettings


class PasDeCle:
    """Knows no key."""

    async def verify(self, text: str) -> Identity | None:
        """Refuse."""
        del text
        return None


def _app() -> FastAPI:
    return create_app(ApiSettings(), keys=PasDeCle())


def test_every_route_says_whom_it_lets_in() -> None:
    assert unguarded_routes(_app()) == []


def test_every_filter_is_documented() -> None:
    parametres = _app().openapi()["paths"]["/v1/formations"]["get"]["parameters"]
    noms = {parametre["name"] for parametre in parametres}
    assert {"q", "region", "autour_de", "rayon_km", "curseur", "publiees", "facettes"} <= noms


def test_pages_are_not_part_of_the_description() -> None:
    assert "/" not in _app().openapi()["paths"]
