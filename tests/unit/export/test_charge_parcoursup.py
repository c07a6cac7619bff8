"""The payload sent to Parcoursup: a MEF only when the trusted list leaves one alone (§2, §4.1)."""

import pytest

from services.export.domain.parcoursup import CHAMPS_ENVOYES, charge_utile
from tests.unit.export.fabrique import offre


@pytest.mark.parametrize(
    ("fiables", "mef"), [(["3113121321"], "3113121321"), (["1", "2"], ""), ([], ""), (None, "")]
)
def test_only_a_trusted_mef_and_one_alone_is_told(fiables: list[str] | None, mef: str) -> None:
    projection = offre() | {"parcoursup_mefs_10": fiables, "bcn_mefs_10": [{"mef10": "9"}]}
    assert charge_utile(projection, identifiant=None, demandeur=None)["mef"] == mef


def test_what_is_read_of_an_offer_makes_its_whole_payload() -> None:
    entiere = {
        **offre(),
        "parcoursup_mefs_10": ["3113121321"],
        "rncp_code": "RNCP1",
        "cfd_entree": "50022137",
        "uai_formation": "0840001X",
    }
    lue = {champ: entiere[champ] for champ in CHAMPS_ENVOYES}

    charge = charge_utile(lue, identifiant="12", demandeur="nantes")
    assert charge == charge_utile(entiere, identifiant="12", demandeur="nantes")
    assert all(charge.values())
