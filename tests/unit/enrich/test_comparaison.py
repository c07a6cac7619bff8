"""What differs between two editions of a table, and which rows close."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrich.domain.comparaison import (
    EXEMPLES_MAX,
    Differences,
    comparer,
    differences,
    differences_de,
)
from tests.unit.enrich.fabrique import BAC_PRO, _cfd, _etablissement, _fiche

JOUR = "2020-11-16"


def test_keys_are_added_changed_or_removed() -> None:
    avant = [["A", 1], ["B", 1], ["C", 1]]
    apres = [["B", 1], ["C", 2], ["D", 1]]

    assert differences(avant, apres, 1) == Differences(
        ajoutees={("D",): ["D", 1]},
        changees={("C",): (["C", 1], ["C", 2])},
        retirees={("A",): ["A", 1]},
        fermees=frozenset(),
    )


def test_rows_are_told_apart_by_all_parts_of_their_key() -> None:
    trouvees = differences_de("kit_apprentissage", [["1", "R1"]], [["1", "R1"], ["1", "R2"]])

    assert trouvees.cles() == {("1", "R2")}


@pytest.mark.parametrize(
    ("avant", "apres", "fermee"),
    [
        (None, "2021-08-31", True),
        ("2022-08-31", "2020-08-31", True),
        ("2022-08-31", "2023-08-31", False),
        ("2019-08-31", "2020-08-31", False),
        ("2020-08-31", None, False),
    ],
)
def test_a_diploma_closes_when_it_gets_a_closing_day_or_one_that_is_past(
    avant: str | None, apres: str | None, fermee: bool
) -> None:
    trouvees = differences_de("cfd", [_cfd(BAC_PRO, avant)], [_cfd(BAC_PRO, apres)], JOUR)

    assert bool(trouvees.fermees) == fermee


def test_a_fiche_closes_when_it_becomes_inactive() -> None:
    avant = _fiche("RNCP1", fin="2025-08-31")
    apres = _fiche("RNCP1", fin="2025-08-31", statut="INACTIVE")

    assert differences_de("rncp", [avant], [apres], JOUR).fermees == {("RNCP1",)}


def test_an_establishment_closes() -> None:
    avant, apres = (_etablissement("19060793700074", None, ferme=f) for f in (False, True))

    assert differences_de("etablissements", [avant], [apres]).fermees == {("19060793700074",)}


def test_figures_come_with_the_first_keys() -> None:
    apres: list[list[Any]] = [[f"K{n:02d}"] for n in range(30)]

    comparaison = comparer("rome", differences([], apres, 1))
    assert (comparaison.ajoutees, comparaison.retirees) == (30, 0)
    assert comparaison.exemples == {"ajoutees": [f"K{n:02d}" for n in range(EXEMPLES_MAX)]}


_TABLES = st.dictionaries(st.sampled_from("ABCDEF"), st.integers(0, 2)).map(
    lambda table: [[cle, valeur] for cle, valeur in table.items()]
)


@given(_TABLES, _TABLES)
def test_applying_the_differences_gives_the_other_edition(
    avant: list[list[Any]], apres: list[list[Any]]
) -> None:
    trouvees = differences(avant, apres, 1)
    rejouee = {(cle,): [cle, valeur] for cle, valeur in avant}
    for cle in trouvees.retirees:
        del rejouee[cle]
    rejouee.update({cle: ligne for cle, (_, ligne) in trouvees.changees.items()})
    rejouee.update(trouvees.ajoutees)

    assert rejouee == {(cle,): [cle, valeur] for cle, valeur in apres}
    assert trouvees.fermees <= set(trouvees.changees)
