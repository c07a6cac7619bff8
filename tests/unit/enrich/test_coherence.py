"""Whether CFD and RNCP stand for the same certification."""

from typing import Any

import pytest

from services.enrich.domain.constats import Constats
from services.enrich.domain.enrichissement.coherence import comparer
from tests.unit.enrich.fabrique import JOUR, codes, references

COIFFURE, BOULANGER, MENTION = "50033612", "50022137", "01033605"


def _cfd(code: str, titre: str, nouveaux: tuple[str, ...] = ()) -> list[Any]:
    return [code, code[:3], code[3:6], "CAP", titre, titre, None, nouveaux]


def _fiche(code: str, titre: str, niveau: str = "3", nouvelles: tuple[str, ...] = ()) -> list[Any]:
    fiche = [code, titre, niveau, None, None, "ACTIVE", "2025-08-31", "2018-09-01"]
    return [*fiche, "Enregistrement de droit", True, ["D1202"], None, "2020-10-01", (), nouvelles]


def _comparer(
    code_cfd: str | None,
    code_rncp: str | None,
    kit: list[list[str]] | None = None,
    **tables: list[list[Any]],
) -> Constats:
    lignes: dict[str, list[list[Any]]] = {
        "cfd": [
            _cfd(COIFFURE, "METIERS DE LA COIFFURE (CAP)"),
            _cfd(BOULANGER, "BOULANGER (CAP)"),
            _cfd(MENTION, "COIFFURE COUPE COULEUR (MC NIVEAU III)"),
        ],
        "rncp": [
            _fiche("RNCP1", "Métiers de la coiffure"),
            _fiche("RNCP2", "Boulanger"),
            _fiche("RNCP3", "Métiers de la coiffure", nouvelles=("RNCP1",)),
            _fiche("RNCP4", "Boulanger", niveau="4"),
        ],
        "kit_apprentissage": kit or [[COIFFURE, "RNCP1"], [BOULANGER, "RNCP2"]],
    }
    return comparer(code_cfd, code_rncp, references("v1", **{**lignes, **tables}), JOUR)


def test_a_pair_of_the_kit_is_coherent() -> None:
    assert _comparer(COIFFURE, "RNCP1") == ()


def test_codes_that_the_kit_ties_to_others_are_shown_with_both_titles() -> None:
    (constat,) = _comparer(COIFFURE, "RNCP2")

    assert constat["code"] == "cfd_rncp_differents"
    for titre in ("METIERS DE LA COIFFURE (CAP)", "Boulanger"):
        assert titre in constat["valeur"]
        assert titre in constat["raison"]
    assert constat["correction"] == {"rncp_code": "RNCP1"}
    assert constat["confiance"] == "faible"


def test_a_pair_that_was_renewed_is_only_told() -> None:
    kit = [[COIFFURE, "RNCP1"], [BOULANGER, "RNCP3"]]

    assert codes(_comparer(COIFFURE, "RNCP3", kit)) == ["cfd_rncp_non_lies"]


def test_titles_without_a_common_word_are_told_where_the_kit_does_not_know_both() -> None:
    assert codes(_comparer(BOULANGER, "RNCP3")) == ["cfd_rncp_intitules_differents"]
    assert codes(_comparer(COIFFURE, "RNCP3")) == []


def test_levels_set_the_codes_apart_whatever_the_titles() -> None:
    (constat,) = _comparer(BOULANGER, "RNCP4")

    assert constat["code"] == "cfd_rncp_differents"
    assert "(niveau 3)" in constat["valeur"]
    assert "(niveau 4)" in constat["valeur"]


def test_the_code_of_a_mention_complementaire_tells_no_level() -> None:
    assert _comparer(MENTION, "RNCP3") == ()


def test_a_word_cut_in_two_is_the_same_word() -> None:
    constats = _comparer(
        COIFFURE,
        "RNCP9",
        cfd=[_cfd(COIFFURE, "AGRO-EQUIPEMENT (BAC PRO)")],
        rncp=[_fiche("RNCP9", "Agroéquipement")],
    )

    assert constats == ()


@pytest.mark.parametrize(("cfd", "rncp"), [(None, "RNCP1"), (COIFFURE, None), ("9", "RNCP1")])
def test_nothing_is_said_of_a_code_that_is_not_known(cfd: str | None, rncp: str | None) -> None:
    assert _comparer(cfd, rncp) == ()
