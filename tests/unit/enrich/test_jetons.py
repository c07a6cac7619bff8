"""Links to a page of one establishment."""

from datetime import UTC, datetime

import pytest

from services.enrich.entrypoints.jetons import Lien, lire, signer

MAINTENANT = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
SIRET = "19060793700074"
LIEN = Lien(SIRET, "AbCd1234", int(MAINTENANT.timestamp()) + 60)
JETON = signer(LIEN, "poivre")


def test_a_link_says_whose_key_opened_it() -> None:
    assert lire(SIRET, JETON, "poivre", MAINTENANT) == LIEN


def test_a_link_opens_one_establishment_only() -> None:
    assert lire("19840110100011", JETON, "poivre", MAINTENANT) is None


def test_a_link_ends() -> None:
    assert lire(SIRET, JETON, "poivre", MAINTENANT.replace(minute=2)) is None


@pytest.mark.parametrize(
    "jeton", ["", ".", "..", "x", JETON[:-1], JETON.replace("AbCd", "XbCd"), "é" * 40, "a.b.c"]
)
def test_what_was_not_signed_here_opens_nothing(jeton: str) -> None:
    assert lire(SIRET, jeton, "poivre", MAINTENANT) is None
