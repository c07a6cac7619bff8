"""What a person who asks for a code is told."""

import pytest

from services.enrich.domain.consultation import TABLES, consulter
from tests.unit.enrich.fabrique import (
    BAC_PRO,
    BOUCLE_A,
    CAP_FERME,
    CAP_SUIVANT,
    JOUR,
    SIRET_CONNU,
    UAI_CONNU,
    references,
)

REFERENCES = references()


def test_a_closed_diploma_leads_to_its_successor() -> None:
    connu = consulter("cfd", CAP_FERME, REFERENCES, JOUR)

    assert connu is not None
    assert (connu["info"], connu["remplace_par"]["cfd"]) == ("Mis à jour", CAP_SUIVANT)
    assert connu["chemin"] == [CAP_FERME, CAP_SUIVANT]


def test_a_diploma_whose_successors_loop_is_told_all_the_same() -> None:
    connu = consulter("cfd", BOUCLE_A, REFERENCES, JOUR)

    assert connu is not None
    assert connu["info"] == "Périmé"


def test_a_diploma_comes_with_its_fiches_and_its_mef() -> None:
    connu = consulter("cfd", BAC_PRO, REFERENCES, JOUR)

    assert connu is not None
    assert connu["remplace_par"] is None
    assert [fiche["code"] for fiche in connu["fiches"]] == ["RNCP100"]
    assert connu["mefs"]


@pytest.mark.parametrize("ecrit", ["RNCP100", "100", "rncp 100"])
def test_a_code_is_read_as_people_type_it(ecrit: str) -> None:
    connu = consulter("rncp", ecrit, REFERENCES, JOUR)

    assert connu is not None
    assert connu["code"] == "RNCP100"


def test_an_uai_leads_to_the_establishments_that_bear_it() -> None:
    connu = consulter("uai", UAI_CONNU.lower(), REFERENCES, JOUR)

    assert connu is not None
    assert SIRET_CONNU in [etablissement["siret"] for etablissement in connu["etablissements"]]


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("code", ["", "?", "99999", "00000000000000", "é"])
def test_what_no_table_holds_is_not_made_up(table: str, code: str) -> None:
    assert consulter(table, code, REFERENCES, JOUR) is None
