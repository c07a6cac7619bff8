"""MEF of a diploma, narrowed by durée and année."""

import pytest

from services.enrich.domain.enrichissement.mef import (
    de_confiance,
    filtrer,
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
