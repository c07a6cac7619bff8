"""The fiche of an offer."""

from datetime import date
from typing import Any

import pytest

from services.enrich.domain.enrichissement.fiches import eligible_apprentissage, perimee
from services.enrich.domain.enrichissement.rncp import enregistrer
from tests.unit.enrich.fabrique import BAC_PRO, CAP_SUIVANT, JOUR, TITRE, codes, references

REFERENCES = references()
CFDS = REFERENCES.cfds


def _champs(rncp: str | None, cfd: str | None = None, jour: date = JOUR) -> dict[str, Any]:
    return enregistrer(rncp, CFDS[cfd] if cfd else None, REFERENCES, jour)[0]


def test_a_declared_fiche_is_described() -> None:
    champs = _champs("RNCP100", BAC_PRO)

    assert champs["rncp_intitule"] == "Fiche RNCP100"
    assert champs["rncp_details"]["niveau_europe"] == "niveau4"
    assert champs["rncp_details"]["active_inactive"] == "ACTIVE"
    assert champs["romes"] == [{"rome": "I1604", "libelle": "Mécanique automobile"}]


def test_a_status_is_unknown_before_the_day_of_its_source() -> None:
    avant = _champs("RNCP400", jour=date(2025, 1, 30))
    le_jour = _champs("RNCP400", jour=date(2025, 1, 31))

    assert avant["rncp_details"]["active_inactive"] is None
    assert le_jour["rncp_details"]["active_inactive"] == "INACTIVE"


def test_without_a_diploma_the_level_is_that_of_the_fiche() -> None:
    assert _champs("RNCP100")["niveau"] == "4 (BAC...)"
    assert "niveau" not in _champs("RNCP100", BAC_PRO)


def test_the_only_fiche_of_a_diploma_is_taken() -> None:
    champs, constats = enregistrer(None, CFDS[BAC_PRO], REFERENCES, JOUR)

    assert champs["rncp_code"] == "RNCP100"
    assert codes(constats) == ["rncp_deduit"]


def test_of_several_fiches_the_only_active_one_is_taken() -> None:
    assert _champs(None, CAP_SUIVANT)["rncp_code"] == "RNCP202"


def test_before_the_source_the_dates_tell_which_fiche_is_valid() -> None:
    assert _champs(None, CAP_SUIVANT, date(2020, 9, 1))["rncp_code"] == "RNCP202"


def test_two_active_fiches_are_asked_about() -> None:
    tables = references(kit_apprentissage=[[BAC_PRO, "RNCP100"], [BAC_PRO, "RNCP202"]])

    champs, constats = enregistrer(None, tables.cfds[BAC_PRO], tables, JOUR)

    assert champs["rncp_code"] is None
    assert codes(constats) == ["rncp_plusieurs_fiches"]


def test_a_title_without_type_is_a_titre_professionnel() -> None:
    assert _champs("RNCP300", TITRE)["rncp_details"]["code_type_certif"] == "TP"
    assert _champs("RNCP300", BAC_PRO)["rncp_details"]["code_type_certif"] is None


@pytest.mark.parametrize(
    ("jour", "attendu"),
    [(date(2025, 12, 31), False), (date(2026, 1, 1), True), (date(2024, 2, 29), False)],
)
def test_a_fiche_is_outdated_when_it_ends_before_31_august(jour: date, attendu: bool) -> None:
    assert perimee(REFERENCES.fiches["RNCP100"], jour) is attendu


@pytest.mark.parametrize(
    ("type_", "jury", "attendu"),
    [
        ("Enregistrement de droit", None, True),
        ("Enregistrement de droit", False, True),
        ("Enregistrement sur demande", True, True),
        ("Enregistrement sur demande", False, False),
        ("Enregistrement sur demande", None, None),
        (None, None, None),
        (None, True, True),
        ("Autre enregistrement", True, False),
    ],
)
def test_eligibility(type_: str | None, jury: bool | None, attendu: bool | None) -> None:
    assert eligible_apprentissage(type_, jury_apprentissage=jury) is attendu


@pytest.mark.parametrize(
    ("rncp", "cfd", "attendus"),
    [
        ("RNCP100", BAC_PRO, []),
        ("RNCP999", BAC_PRO, ["rncp_inconnu"]),
        ("RNCP201", CAP_SUIVANT, ["rncp_perime", "rncp_inactif"]),
        ("RNCP300", TITRE, ["rncp_hors_apprentissage"]),
        ("RNCP400", None, ["rome_absent"]),
        (None, None, ["rncp_absent"]),
        (None, CAP_SUIVANT, ["rncp_deduit"]),
    ],
)
def test_what_is_found(rncp: str | None, cfd: str | None, attendus: list[str]) -> None:
    _, constats = enregistrer(rncp, CFDS[cfd] if cfd else None, REFERENCES, JOUR)

    assert codes(constats) == attendus


def test_two_active_fiches_are_proposed_and_left_to_a_person() -> None:
    tables = references(kit_apprentissage=[[BAC_PRO, "RNCP100"], [BAC_PRO, "RNCP202"]])

    _, (constat,) = enregistrer(None, tables.cfds[BAC_PRO], tables, JOUR)

    assert constat["proposition"] == "RNCP100 ou RNCP202"
    assert "RNCP100 « Fiche RNCP100 », RNCP202 « Fiche RNCP202 »" in constat["raison"]
    assert constat["confiance"] == "faible"
    assert "correction" not in constat


def test_several_fiches_of_which_none_is_active_are_told() -> None:
    tables = references(
        kit_apprentissage=[[BAC_PRO, "RNCP201"], [BAC_PRO, "RNCP203"]],
        rncp=[_inactive("RNCP201"), _inactive("RNCP203")],
    )

    _, constats = enregistrer(None, tables.cfds[BAC_PRO], tables, JOUR)

    assert codes(constats) == ["rncp_aucune_active"]


def _inactive(code: str) -> list[Any]:
    fin: list[Any] = [
        "INACTIVE",
        "2019-12-31",
        None,
        "Enregistrement de droit",
        True,
        [],
        None,
        "2020-10-01",
    ]
    return [code, f"Fiche {code}", "3", "CAP", "CAP", *fin]


def test_a_deduced_fiche_that_has_ended_is_less_sure() -> None:
    tables = references(kit_apprentissage=[[BAC_PRO, "RNCP201"]], rncp=[_inactive("RNCP201")])

    _, constats = enregistrer(None, tables.cfds[BAC_PRO], tables, JOUR)

    assert codes(constats)[:1] == ["rncp_deduit"]
    assert constats[0]["confiance"] == "moyenne"


def test_jobs_of_a_former_rome_are_kept_and_told() -> None:
    tables = references(rome=[["A1101", "Conduite d'engins agricoles"]])

    champs, constats = enregistrer("RNCP100", None, tables, JOUR)

    assert champs["romes"] == [{"rome": "I1604", "libelle": None}]
    assert [(c["code"], c["valeur"]) for c in constats] == [("rome_ancien", "RNCP100 : I1604")]


def test_without_a_table_of_jobs_none_is_called_former() -> None:
    assert codes(enregistrer("RNCP100", None, references(rome=[]), JOUR)[1]) == []


def test_certificateurs_and_successions_are_shown() -> None:
    tables = references(
        certificateurs=[["RNCP100", "Ministère du travail", None]],
        rncp=[[*_inactive("RNCP100"), [], []], [*_inactive("RNCP101"), ["RNCP100"], []]],
    )

    details = enregistrer("RNCP100", None, tables, JOUR)[0]["rncp_details"]

    assert details["nouvelle_fiche"] == ["RNCP101"]
    assert details["certificateurs"] == [
        {"certificateur": "Ministère du travail", "siret_certificateur": None}
    ]
