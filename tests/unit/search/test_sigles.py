"""Abbreviations derived from titles."""

import pytest

from services.search.domain.sigles import sigles


@pytest.mark.parametrize(
    ("titre", "sigle"),
    [
        ("MANAGEMENT COMMERCIAL OPERATIONNEL (BTS)", "mco"),
        ("ACCOMPAGNANT EDUCATIF PETITE ENFANCE (CAP)", "aepe"),
        ("SERVICES ET PRESTATIONS DES SECTEURS SANITAIRE ET SOCIAL (BTS)", "sp3s"),
        ("Conception et réalisation de systèmes automatiques (BTS)", "crsa"),
    ],
)
def test_initials_of_the_words_that_mean_something(titre: str, sigle: str) -> None:
    assert sigle in sigles(titre)


def test_options_do_not_lengthen_an_abbreviation() -> None:
    assert "mvc" not in sigles("METIERS DE LA MODE OPTION VETEMENTS CHAUSSURES (BAC PRO)")
    assert "mm" in sigles("METIERS DE LA MODE OPTION VETEMENTS (BAC PRO)")


def test_one_word_has_no_abbreviation() -> None:
    assert sigles("BOULANGER (CAP)") == ()
