"""The guide of CFAs names every field and every finding that they may meet."""

from pathlib import Path

import pytest

from contracts.constats import CATALOGUE
from contracts.offre import Offre

GUIDE = (Path(__file__).parents[3] / "docs/guides/cfa.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("nom", Offre.model_fields)
def test_every_field_is_explained(nom: str) -> None:
    assert f"| `{nom}` |" in GUIDE


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_finding_is_explained(code: str) -> None:
    assert f"| `{code}` |" in GUIDE
