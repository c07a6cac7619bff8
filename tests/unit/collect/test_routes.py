"""The API as a whole, without starting it."""

from services.collect.entrypoints.api import create_app
from services.collect.settings import ApiSettings
from services.kernel.auth import unguarded_routes


def test_every_route_says_who_may_come() -> None:
    assert unguarded_routes(create_app(ApiSettings())) == []
