"""The routes of export: nobody comes in without saying who may."""

from services.export.entrypoints.api import create_app
from services.export.settings import ApiSettings
from services.kernel.auth import unguarded_routes


def test_every_route_says_whom_it_lets_in() -> None:
    assert unguarded_routes(create_app(ApiSettings())) == []


def test_every_route_is_told_in_french() -> None:
    chemins = create_app(ApiSettings()).openapi()["paths"]
    for methodes in chemins.values():
        for operation in methodes.values():
            assert operation["summary"]
