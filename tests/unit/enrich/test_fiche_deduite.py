"""The fiche of a diploma that is declared without one, when the only one is of the future."""

from datetime import date
from typing import Any

import pytest

from services.enrich.domain.enrichissement.rncp import enregistrer
from services.enrich.domain.recalcul_cles import cles_touchees
from services.enrich.domain.references.tables import References
from tests.unit.enrich.fabrique import BAC_PRO, JOUR, codes, references


def _fiche(code: str, debut: str, fin: str, anciennes: tuple[str, ...] = ()) -> list[Any]:
    validite = ["ACTIVE", fin, debut, "Enregistrement de droit", True, ["I1604"], None]
    return [code, f"Fiche {code}", "4", None, None, *validite, "2025-01-31", anciennes]


def _tables(debut: str, *anciennes: str, fin: str = "2024-01-01") -> References:
    return references(
        kit_apprentissage=[[BAC_PRO, "RNCP9"]],
        rncp=[
            _fiche("RNCP9", debut, "2028-12-31", ("RNCP1", "RNCP2", "RNCP3")),
            *[_fiche(code, "2018-09-01", fin) for code in anciennes],
        ],
    )


def _deduire(tables: References, jour: date = JOUR) -> tuple[str | None, list[Any]]:
    champs, constats = enregistrer(None, tables.cfds[BAC_PRO], tables, jour)
    return champs["rncp_code"], list(constats)


def test_the_fiche_that_it_replaces_stands_in_for_one_that_does_not_exist_yet() -> None:
    code, constats = _deduire(_tables("2024-01-01", "RNCP1"))

    assert code == "RNCP1"
    assert constats[0]["code"] == "rncp_deduit"
    assert constats[0]["confiance"] == "moyenne"
    assert "RNCP9, n'est pas encore en vigueur ; elle remplace RNCP1." in constats[0]["raison"]
    assert constats[0]["correction"] == {"rncp_code": "RNCP1"}


@pytest.mark.parametrize("fin", ["2019-12-31", "2020-08-30"])
def test_without_one_in_force_no_fiche_is_made_up(fin: str) -> None:
    code, constats = _deduire(_tables("2024-01-01", "RNCP1", fin=fin))

    assert code is None
    assert codes(constats) == ["rncp_aucune_active"]


def test_what_it_replaces_is_told_even_if_no_table_describes_it() -> None:
    _, (constat,) = _deduire(_tables("2024-01-01", "RNCP1", fin="2019-12-31"))

    assert constat["proposition"] == "RNCP2 ou RNCP3"
    assert "elle remplace RNCP2 et RNCP3, que nos tables ne décrivent pas." in constat["raison"]
    assert "correction" not in constat


def test_of_several_that_it_replaces_a_person_chooses() -> None:
    code, (constat,) = _deduire(_tables("2024-01-01", "RNCP1", "RNCP2"))

    assert code is None
    assert constat["code"] == "rncp_plusieurs_fiches"
    assert constat["proposition"] == "RNCP1 ou RNCP2"


def test_a_fiche_of_the_coming_school_year_is_taken() -> None:
    code, constats = _deduire(_tables("2021-09-01", "RNCP1"))

    assert code == "RNCP9"
    assert constats[0]["confiance"] == "moyenne"


def test_a_change_of_the_replaced_fiche_touches_the_diploma() -> None:
    avant, apres = _tables("2024-01-01"), _tables("2024-01-01", "RNCP1")

    assert f"cfd:{BAC_PRO}" in cles_touchees(avant, apres).cles
