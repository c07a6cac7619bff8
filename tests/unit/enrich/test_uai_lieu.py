"""The UAI of the place."""

import pytest

from services.enrich.domain.enrichissement.uai_lieu import constater, uai_du_lieu
from tests.unit.enrich.fabrique import codes


@pytest.mark.parametrize(
    ("edite", "collecte", "meme_commune", "attendu"),
    [
        ("0060001A", "0060002B", True, "0060001A"),
        (None, "0060002B", True, "0060002B"),
        (None, None, True, "0060003C"),
        (None, None, False, None),
        ("", "", True, "0060003C"),
    ],
)
def test_precedence(
    edite: str | None, collecte: str | None, meme_commune: bool, attendu: str | None
) -> None:
    assert uai_du_lieu(edite, collecte, "0060003C", meme_commune=meme_commune) == attendu


@pytest.mark.parametrize(
    ("uai", "departement", "attendus"),
    [
        ("0061234F", "06", []),
        ("0061234F", "84", ["uai_autre_departement"]),
        ("0061234F", None, []),
        ("6200001A", "2A", []),
        ("pas un uai", "06", []),
        (None, "06", ["uai_lieu_inconnu"]),
    ],
)
def test_what_is_found(uai: str | None, departement: str | None, attendus: list[str]) -> None:
    assert codes(constater(uai, departement)) == attendus
