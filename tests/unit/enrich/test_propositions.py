"""What the tables propose in the place of a UAI or a SIRET that cannot be right."""

from typing import Any

import pytest

from services.enrich.domain.enrichissement.propositions import completer
from services.enrich.domain.enrichissement.uai_connus import Connus, corriger_la_lettre, proposer
from tests.unit.enrich.fabrique import SIRET_CONNU, SIRET_INCONNU, UAI_CONNU, references

REFERENCES = references()
ROLE = "etablissement_formateur"


def _completer(code: str, champ: str, valeur: str, **offre: str) -> dict[str, Any]:
    constat = {"code": code, "champ": champ, "valeur": valeur}
    (complete,) = completer([constat], offre, REFERENCES)
    return dict(complete)


@pytest.mark.parametrize(
    ("declare", "connu", "uai", "confiance"),
    [
        ("0333440R", "0333440K", "0333440K", "haute"),  # the letter alone is wrong
        ("4919337P", "0491937P", "0491937P", "haute"),  # a zero lost, a digit typed twice
        ("0422220X", "0492220X", "0492220X", "haute"),  # one digit is wrong
        ("0342256V", "0699999A", "0699999A", "moyenne"),
        ("0133978W", None, "0133978D", "faible"),
    ],
)
def test_a_wrong_letter_seldom_is_the_fault(
    declare: str, connu: str | None, uai: str, confiance: str
) -> None:
    proposition = corriger_la_lettre(declare, Connus(connu, None, "2022-10-12"))

    assert (proposition.uai, proposition.confiance) == (uai, confiance)


def test_the_other_reading_of_a_wrong_letter_is_said() -> None:
    proposition = corriger_la_lettre("4919337P", Connus("0491937P", None, "2022-10-12"))

    assert "4919337F" in proposition.raison
    assert "12/10/2022" in proposition.raison


def test_of_two_sources_that_disagree_the_one_that_resembles_is_proposed() -> None:
    proche = proposer("0611234F", Connus("0840001A", "0061234F", "2022-10-12"))
    loin = proposer("0999999A", Connus("0840001A", "0061234F", "2022-10-12"))

    assert proche is not None
    assert loin is not None
    assert (proche.uai, proche.confiance) == ("0061234F", "haute")
    assert (loin.uai, loin.confiance) == ("0840001A", "faible")


def test_an_uai_that_can_be_right_is_no_slip_however_near() -> None:
    voisin = proposer("9760165A", Connus(None, "9760163Y", None))

    assert voisin is not None
    assert (voisin.uai, voisin.confiance) == ("9760163Y", "moyenne")


def test_letters_typed_for_digits_are_read_when_the_check_letter_agrees() -> None:
    relu = proposer("OO61234J", Connus("0840001A", None, "2022-10-12"))

    assert relu is not None
    assert (relu.uai, relu.confiance) == ("0061234J", "haute")


def test_nothing_known_is_nothing_proposed() -> None:
    assert proposer("0061234F", Connus(None, None, None)) is None
    assert proposer("0061234F", Connus("0061234F", None, "2022-10-12")) is None


@pytest.mark.parametrize("code", ["uai_lettre_fausse", "uai_mal_forme"])
def test_a_finding_of_collect_on_a_uai_gets_the_one_that_is_known(code: str) -> None:
    complete = _completer(
        code, f"{ROLE}_uai", "O061234F", etablissement_formateur_siret=SIRET_CONNU
    )

    assert complete["proposition"] == UAI_CONNU
    assert complete["correction"] == {f"{ROLE}_uai": UAI_CONNU}
    assert complete["confiance"] == "haute"
    assert complete["raison"]


def _proposee(confiance: str) -> dict[str, Any]:
    constat = {
        "code": "uai_lettre_fausse",
        "champ": f"{ROLE}_uai",
        "valeur": "0061234A",
        "proposition": "0061234J",
        "confiance": confiance,
        "correction": {f"{ROLE}_uai": "0061234J"},
    }
    (complete,) = completer([constat], {f"{ROLE}_siret": SIRET_CONNU}, REFERENCES)
    return dict(complete)


@pytest.mark.parametrize("confiance", ["faible", "moyenne"])
def test_what_a_table_knows_wins_over_what_the_offer_alone_suggests(confiance: str) -> None:
    assert _proposee(confiance)["correction"] == {f"{ROLE}_uai": UAI_CONNU}


def test_the_uai_of_the_place_is_that_of_its_own_siret() -> None:
    complete = _completer(
        "uai_mal_forme", "uai_formation", "?", etablissement_lieu_formation_siret=SIRET_CONNU
    )

    assert complete["correction"] == {"uai_formation": UAI_CONNU}


def test_a_siren_alone_at_the_place_gets_the_establishment_of_the_formateur() -> None:
    champ = "etablissement_lieu_formation_siret"
    complete = _completer(
        "siret_lieu_siren_seul", champ, SIRET_CONNU[:9], etablissement_formateur_siret=SIRET_CONNU
    )

    assert complete["correction"] == {champ: SIRET_CONNU}


def test_a_siren_padded_with_zeros_gets_the_establishment_of_the_other_role() -> None:
    complete = _completer(
        "siret_siren_complete",
        f"{ROLE}_siret",
        SIRET_CONNU[:9] + "00000",
        etablissement_gestionnaire_siret=SIRET_CONNU,
    )

    assert complete["proposition"] == SIRET_CONNU
    assert complete["confiance"] == "moyenne"


@pytest.mark.parametrize(
    ("offre", "confiance"),
    [({"etablissement_formateur_code_commune_insee": "06088"}, "moyenne"), ({}, "faible")],
)
def test_a_wrong_siret_gets_the_only_establishment_of_the_company(
    offre: dict[str, str], confiance: str
) -> None:
    complete = _completer("siret_cle_fausse", f"{ROLE}_siret", SIRET_CONNU[:13] + "5", **offre)

    assert (complete["proposition"], complete["confiance"]) == (SIRET_CONNU, confiance)


@pytest.mark.parametrize(
    ("code", "valeur"),
    [
        ("siret_cle_fausse", SIRET_INCONNU),
        ("siret_cle_fausse", "99999999999920"),
        ("siret_fictif", SIRET_CONNU),
        ("uai_mal_forme", "?"),
        ("date_illisible", "demain"),
    ],
)
def test_what_no_table_can_help_is_unchanged(code: str, valeur: str) -> None:
    champ = f"{ROLE}_uai" if code.startswith("uai") else f"{ROLE}_siret"

    assert _completer(code, champ, valeur) == {"code": code, "champ": champ, "valeur": valeur}


def test_a_finding_without_field_or_value_passes() -> None:
    constats = [{"code": "uai_mal_forme"}, {"code": "siret_cle_fausse"}]

    assert completer(constats, {}, REFERENCES) == constats
