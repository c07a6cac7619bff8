"""MEF of a diploma, narrowed by durée and année."""

from datetime import date

import pytest

from services.enrich.domain.enrichissement.mef import (
    de_confiance,
    filtrer,
    fin_de_session,
    lister,
    mef_perimee,
    mefs_8,
)
from tests.unit.enrich.fabrique import BAC_PRO, CAP_SUIVANT, JOUR, codes, references

REFERENCES = references()
MEFS = REFERENCES.mefs[BAC_PRO]


@pytest.mark.parametrize(
    ("duree", "annee", "gardes"),
    [
        ("3", "1", ["2472521431"]),
        ("3", "X", ["2472521431", "2472521432", "2472521433"]),
        ("X", "2", ["2472521432"]),
        (None, None, ["2472521431", "2472521432", "2472521433"]),
        ("", "3", ["2472521433"]),
        ("2", "1", []),
    ],
)
def test_only_what_was_collected_narrows(
    duree: str | None, annee: str | None, gardes: list[str]
) -> None:
    assert [mef.mef10 for mef in filtrer(MEFS, duree, annee).gardes] == gardes


@pytest.mark.parametrize(
    ("duree", "annee", "incoherences"),
    [
        ("3", "1", (False, False)),
        ("2", "1", (True, False)),
        ("3", "4", (False, True)),
        ("2", "4", (True, True)),
        ("X", "X", (False, False)),
    ],
)
def test_each_flag_is_judged_alone_on_the_whole_list(
    duree: str, annee: str, incoherences: tuple[bool, bool]
) -> None:
    filtre = filtrer(MEFS, duree, annee)

    assert (filtre.duree_incoherente, filtre.annee_incoherente) == incoherences


def test_nothing_contradicts_without_mef() -> None:
    assert filtrer([], "2", "1").duree_incoherente is False


def test_the_flags_are_unknown_for_a_diploma_without_mef() -> None:
    champs, constats = lister(CAP_SUIVANT, "2", "1", REFERENCES, JOUR)

    assert (champs["bcn_mefs_10"], champs["mefs_8"], champs["mefs_11"]) == ([], [], [])
    assert (champs["duree_incoherente"], champs["annee_incoherente"]) == (None, None)
    assert codes(constats) == ["mef_absente"]


def test_an_incoherence_is_said_with_the_value() -> None:
    _, constats = lister(BAC_PRO, "2", "1", REFERENCES, JOUR)

    assert [(c["code"], c["champ"], c["valeur"]) for c in constats] == [
        ("duree_incoherente", "duree", "2")
    ]


def test_a_diploma_without_a_duree_in_the_nomenclature_contradicts_nobody() -> None:
    tables = references(mef=[["2472521499", BAC_PRO, "9", "9", None]])
    champs, constats = lister(BAC_PRO, "2", "1", tables, JOUR)

    assert champs["duree_incoherente"] is True
    assert codes(constats) == []


def test_a_value_that_the_nomenclature_writes_for_none_is_not_proposed() -> None:
    tables = references(
        mef=[["2472521499", BAC_PRO, "9", "9", None], ["2472521431", BAC_PRO, "3", "1", None]]
    )
    _, (constat,) = lister(BAC_PRO, "2", "1", tables, JOUR)

    assert (constat["code"], constat["proposition"]) == ("duree_incoherente", "3")


def test_mef_8_are_distinct() -> None:
    assert mefs_8(MEFS) == ["24725214"]


@pytest.mark.parametrize(
    ("fermeture", "perimee"), [("2027-07-31", True), ("2027-08-01", False), (None, False)]
)
def test_a_mef_closed_by_the_end_of_the_session_is_outdated(
    fermeture: str | None, perimee: bool
) -> None:
    assert mef_perimee(fermeture, "2027-07-31") is perimee


def test_trusted_mef_keep_their_order() -> None:
    assert de_confiance(["C", "A", "B"], {"A", "C"}) == ["C", "A"]


def _proche(mef10: str, cfd: str, stat: str) -> list[str | None]:
    return [mef10, cfd, "2", "1", None, stat]


def test_mef_of_other_diplomas_are_approximations_that_judge_nothing() -> None:
    tables = references(mef=[_proche("2412210221", "40022102", "24110022102")])

    champs, constats = lister(CAP_SUIVANT, "X", None, tables, JOUR)

    assert champs["mefs_10_approches"] == ["2412210221"]
    assert champs["bcn_mefs_10"] == []
    assert champs["duree_incoherente"] is None
    assert codes(constats) == ["mef_approchee"]


def test_approximations_agree_with_what_was_collected() -> None:
    tables = references(mef=[_proche("2412210221", "40022102", "24110022102")])

    assert lister(CAP_SUIVANT, "3", None, tables, JOUR)[0]["mefs_10_approches"] == []


def test_the_three_forms_are_listed_for_what_is_kept() -> None:
    tables = references(
        mef=[
            ["2472521431", BAC_PRO, "3", "1", "2022-07-31", "24710025214"],
            ["2462521421", BAC_PRO, "2", "1", None, "24610025214"],
        ]
    )

    champs, _ = lister(BAC_PRO, "3", "X", tables, JOUR)

    assert [mef["mef10"] for mef in champs["bcn_mefs_10"]] == ["2472521431"]
    assert champs["bcn_mefs_10"][0]["mef_outdated"] is True
    assert (champs["mefs_8"], champs["mefs_11"]) == (["24725214"], ["24710025214"])


@pytest.mark.parametrize(
    ("jour", "fin"),
    [
        (date(2020, 11, 16), "2022-07-31"),
        (date(2021, 7, 31), "2022-07-31"),
        (date(2021, 8, 1), "2023-07-31"),
    ],
)
def test_the_session_ends_in_july_of_the_second_year_of_the_campaign(jour: date, fin: str) -> None:
    assert fin_de_session(jour) == fin


def test_the_list_that_parcoursup_trusts_is_unknown_until_loaded() -> None:
    sans = lister(BAC_PRO, None, None, REFERENCES, JOUR)[0]
    avec = lister(BAC_PRO, None, None, references(mefs_parcoursup=[["2472521432"]]), JOUR)[0]

    assert sans["parcoursup_mefs_10"] is None
    assert avec["parcoursup_mefs_10"] == ["2472521432"]


def test_a_mef_of_several_diplomas_is_told() -> None:
    tables = references(
        mef=[["2472521431", BAC_PRO, "3", "1", None], ["2472521431", CAP_SUIVANT, "3", "1", None]]
    )

    _, constats = lister(BAC_PRO, None, None, tables, JOUR)

    assert [(c["code"], c["valeur"]) for c in constats] == [("mef_plusieurs_cfd", "2472521431")]


def test_the_only_duree_of_the_diploma_is_proposed() -> None:
    _, (constat,) = lister(BAC_PRO, "2", "1", REFERENCES, JOUR)

    assert constat["correction"] == {"duree": "3"}


def test_several_annees_are_left_to_a_person() -> None:
    _, (constat,) = lister(BAC_PRO, "3", "4", REFERENCES, JOUR)

    assert (constat["proposition"], constat["confiance"]) == ("1 ou 2 ou 3", "faible")
    assert "correction" not in constat


@pytest.mark.parametrize(
    ("liens", "attendu"),
    [
        ([[BAC_PRO, "https://o/cfd"]], "https://o/cfd"),
        ([[BAC_PRO, "https://o/cfd"], ["2472521431", "https://o/mef"]], "https://o/mef"),
        ([], None),
    ],
)
def test_onisep_is_linked_by_mef_then_by_diploma(
    liens: list[list[str]], attendu: str | None
) -> None:
    champs, _ = lister(BAC_PRO, "3", "1", references(onisep=liens), JOUR)

    assert champs["onisep_url"] == attendu
