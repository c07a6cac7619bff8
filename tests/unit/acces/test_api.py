"""The routes of acces: nobody comes in without saying who may; nothing unsafe starts."""

import pytest
from pydantic import SecretStr, ValidationError

from services.acces.entrypoints.api import create_app
from services.acces.settings import ApiSettings
from services.kernel.auth import unguarded_routes


def test_every_route_says_whom_it_lets_in() -> None:
    assert unguarded_routes(create_app(ApiSettings())) == []


def test_every_route_is_told_in_french() -> None:
    chemins = create_app(ApiSettings()).openapi()["paths"]
    for methodes in chemins.values():
        for operation in methodes.values():
            assert operation["summary"]
            assert operation["description"]


def test_production_refuses_a_hash_that_is_cheap_to_guess() -> None:
    with pytest.raises(ValidationError, match="MOTDEPASSE_COUT"):
        ApiSettings(
            environnement="production",
            poivre=SecretStr("p" * 32),
            smtp_hote="courriel.example",
            motdepasse_cout=1_001,
        )
