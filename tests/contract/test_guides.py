"""The guides and the README name routes that exist."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

RACINE: Final = Path(__file__).parents[2]
PAGES: Final = sorted([*(RACINE / "docs" / "guides").glob("*.md"), RACINE / "README.md"])
_ADRESSE: Final = re.compile(
    r"(?:\b(GET|POST|PUT|DELETE) )?(?:[\w.:$/]*?)(/(?:v1|api)/[\w{}<>.%/-]+)"
)
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
