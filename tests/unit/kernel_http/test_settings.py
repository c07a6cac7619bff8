"""Settings refuse to start on what is not safe."""

from datetime import date

import pytest
from pydantic import ValidationError

from services.kernel.settings import POIVRE_DE_DEVELOPPEMENT, KernelSettings


def test_development_needs_no_variable() -> None:
    assert KernelSettings().environnement == "developpement"


@pytest.mark.parametrize("pepper", [None, POIVRE_DE_DEVELOPPEMENT, "court"])
def test_production_refuses_a_placeholder_pepper(
    monkeypatch: pytest.MonkeyPatch, pepper: str | None
) -> None:
    monkeypatch.setenv("CATALOGUE_ENVIRONNEMENT", "production")
    if pepper is not None:
        monkeypatch.setenv("CATALOGUE_POIVRE", pepper)

    with pytest.raises(ValidationError, match="CATALOGUE_POIVRE"):
        KernelSettings()


def test_production_starts_with_a_pepper_and_never_shows_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CATALOGUE_ENVIRONNEMENT", "production")
    monkeypatch.setenv("CATALOGUE_POIVRE", "k" * 40)

    assert "k" * 40 not in repr(KernelSettings())


def test_variables_are_read_by_their_prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CATALOGUE_JOUR_METIER", "2020-11-16")
    monkeypatch.setenv("ESPACE", "autre")

    assert KernelSettings().jour_metier == date(2020, 11, 16)
    assert KernelSettings().espace == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CORPS_MAX", "0"),
        ("PORT", "70000"),
        ("ESPACE", "Pas Un Nom"),
        ("LOT_DELAI_S", "200"),
        ("ENVIRONNEMENT", "recette"),
    ],
)
def test_a_senseless_value_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"CATALOGUE_{name}", value)

    with pytest.raises(ValidationError):
        KernelSettings()


def test_settings_do_not_change_once_read() -> None:
    with pytest.raises(ValidationError):
        KernelSettings().espace = "x"  # type: ignore[misc]
