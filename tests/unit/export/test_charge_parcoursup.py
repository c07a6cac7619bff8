"""The payload sent to Parcoursup: a MEF only when the trusted list leaves one alone (§2, §4.1)."""

import pytest

from services.export.domain.parcoursup import charge_utile
from tests.unit.export.fabrique import offre


@pytest.mark.parametrize(
    ("fiables", "mef"), [(["3113121321"], "3113121321"), (["1", "2"], ""), ([], ""), (None, "")]
)
def test_only_a_trusted_mef_and_one_alone_is_told(fiables: list[str] | None, mef: str) -> None:
    projection = offre() | {"parcoursup_mefs_10": fiables, "bcn_mefs_10": [{"mef10": "9"}]}
    assert charge_utile(projection, identifiant=None, demandeur=None)["mef"] == mef
