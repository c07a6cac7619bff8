"""The guides and the README name routes and settings that exist."""

import inspect
import json
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Final

import pytest
from pydantic_settings import BaseSettings

RACINE: Final = Path(__file__).parents[2]
PAGES: Final = sorted([*(RACINE / "docs" / "guides").glob("*.md"), RACINE / "README.md"])
_ADRESSE: Final = re.compile(
    r"(?:\b(GET|POST|PUT|DELETE) )?(?:[\w.:$/]*?)(/(?:v1|api)/[\w{}<>.%/-]+)"
)
_REGLAGE: Final = re.compile(r"CATALOGUE_[A-Z0-9_]++(?!\*)")
_D_UNE_COMMANDE: Final = {"CATALOGUE_CLE_ADMIN", "CATALOGUE_REFDATA"}
_VARIABLE: Final = re.compile(r"\{[^/}]*\}|<[^/>]*>")


def _routes() -> Iterator[tuple[str, re.Pattern[str]]]:
    for contrat in (RACINE / "contracts" / "openapi").glob("*.json"):
        for chemin, operations in json.loads(contrat.read_text())["paths"].items():
            motif = re.compile(re.sub(r"\\\{.*?\\\}", "[^/]+", re.escape(chemin)))
            yield from ((methode.upper(), motif) for methode in operations)


ROUTES: Final = list(_routes())


def _connue(methode: str, chemin: str) -> bool:
    fixe = _VARIABLE.sub("x", chemin.rstrip(".")).replace("/api/v1", "/api", 1)
    return any(motif.fullmatch(fixe) for une, motif in ROUTES if methode in ("", une))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_route_that_a_guide_names_exists(page: Path) -> None:
    cites = set(_ADRESSE.findall(page.read_text()))

    assert cites
    assert {cite for cite in cites if not _connue(*cite)} == set()


def reglages() -> Iterator[str]:
    """Yield the variables that processes read."""
    fichiers = [*(RACINE / "services").glob("*/settings.py"), RACINE / "services/kernel/mail.py"]
    for fichier in fichiers:
        module = import_module(f"services.{fichier.parent.name}.{fichier.stem}")
        for _, classe in inspect.getmembers(module, inspect.isclass):
            if issubclass(classe, BaseSettings):
                prefixe = classe.model_config.get("env_prefix", "")
                yield from (f"{prefixe}{champ}".upper() for champ in classe.model_fields)


def test_every_setting_that_a_guide_names_exists() -> None:
    connus = {*reglages(), *_D_UNE_COMMANDE}

    for page in PAGES:
        cites = set(_REGLAGE.findall(page.read_text()))
        assert (page.name, cites - connus) == (page.name, set())
