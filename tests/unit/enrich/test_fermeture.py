"""Closings to come."""

import pytest

from contracts.evenements import Confiance
from services.enrich.domain.constats import Constats
from services.enrich.domain.enrichissement.fermeture import annoncer
from services.enrich.domain.enrichissement.remplacement import remplacer
from tests.unit.enrich.fabrique import JOUR, codes, references


def _annoncer(fermeture: str | None, nouveaux: tuple[str, ...] = ()) -> Constats:
    def ligne(code: str, fermeture: str | None, nouveaux: tuple[str, ...]) -> list[object]:
        return [code, "500", "300", "CAP", code, code, fermeture, nouveaux]

    tables = references(
        cfd=[
            ligne("50030001", fermeture, nouveaux),
            ligne("50030002", None, ()),
            ligne("50030003", None, ()),
        ]
    )
    return annoncer(remplacer("50030001", tables.cfds, JOUR), tables, JOUR)


@pytest.mark.parametrize(
    ("fermeture", "attendus"),
    [
        (None, []),
        ("2020-08-31", []),
        ("2020-09-01", ["cfd_ferme_bientot"]),
        ("2022-08-31", ["cfd_ferme_bientot"]),
        ("2022-09-01", []),
    ],
)
def test_a_closing_within_two_years_is_announced(
    fermeture: str | None, attendus: list[str]
) -> None:
    assert codes(_annoncer(fermeture)) == attendus


def test_the_date_is_told_with_the_successor_which_is_no_correction_yet() -> None:
    (constat,) = _annoncer("2021-08-31", ("50030002",))

    assert constat["valeur"] == "50030001, 31/08/2021"
    assert constat["proposition"] == "50030002"
    assert constat["confiance"] == Confiance.HAUTE
    assert "correction" not in constat


def test_of_several_successors_the_last_is_told_less_surely() -> None:
    (constat,) = _annoncer("2021-08-31", ("50030002", "50030003"))

    assert (constat["proposition"], constat["confiance"]) == ("50030003", Confiance.MOYENNE)


def test_an_unknown_successor_is_not_told() -> None:
    (constat,) = _annoncer("2021-08-31", ("50099999",))

    assert "proposition" not in constat
