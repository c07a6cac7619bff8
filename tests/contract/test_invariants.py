"""The pages on invariants and incidents name tests that exist."""

import ast
import re
from pathlib import Path
from typing import Final

import pytest

RACINE: Final = Path(__file__).parents[2]
_NOM: Final = re.compile(r"`(tests/[\w/]+\.py)::([\w:]+)`")


@pytest.mark.parametrize("page", ["invariants.md", "incidents.md"])
def test_every_test_that_a_page_names_exists(page: str) -> None:
    cites = set(_NOM.findall((RACINE / "docs" / page).read_text()))

    assert cites
    assert {f"{fichier}::{nom}" for fichier, nom in cites if nom not in _definis(fichier)} == set()


def _definis(fichier: str) -> set[str]:
    """Return the tests of a file, those of a class as `Class::test`."""
    chemin = RACINE / fichier
    if not chemin.is_file():
        return set()
    noms: set[str] = set()
    for noeud in ast.parse(chemin.read_text()).body:
        if isinstance(noeud, ast.ClassDef):
            noms |= {f"{noeud.name}::{un}" for un in _fonctions(noeud.body)}
    return noms | _fonctions(ast.parse(chemin.read_text()).body)


def _fonctions(corps: list[ast.stmt]) -> set[str]:
    return {un.name for un in corps if isinstance(un, ast.FunctionDef | ast.AsyncFunctionDef)}
