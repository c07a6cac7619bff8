"""What is understood of what people type."""

import pytest

from services.search.domain.requete_libre import MOTS_MAX, Nature, Terme, analyser


def _mots(texte: str) -> list[str]:
    return [terme.texte for terme in analyser(texte) if terme.nature is Nature.MOT]


@pytest.mark.parametrize(
    "ecrit", ["l'hôtellerie", "l’hôtellerie", "L'HOTELLERIE", "hotellerie", "  L‘Hôtellerie "]
)
def test_case_accents_and_apostrophes_change_nothing(ecrit: str) -> None:
    assert _mots(ecrit) == ["hotellerie"]


@pytest.mark.parametrize(
    ("ecrit", "code"),
    [
        ("rncp 26650", "RNCP26650"),
        ("RNCP026650", "RNCP26650"),
        ("190 607 937 00074", "19060793700074"),
        ("0593321p", "0593321P"),
        ("40025510", "40025510"),
        ("36T31203", "36T31203"),
        ("2472551032", "2472551032"),
        ("d1106", "D1106"),
        (
            "064390P012X1906079370007419840110100011-84007#L01",
            "064390P012X1906079370007419840110100011-84007#L01",
        ),
    ],
)
def test_a_code_is_one_term_however_it_is_written(ecrit: str, code: str) -> None:
    assert analyser(ecrit) == (Terme(Nature.CODE, code),)


@pytest.mark.parametrize(
    ("ecrit", "niveau"), [("bac+5", "7"), ("bac + 2", "5"), ("niveau 4", "4"), ("bac+3", "6")]
)
def test_a_level_is_understood(ecrit: str, niveau: str) -> None:
    assert analyser(f"{ecrit} commerce") == (
        Terme(Nature.NIVEAU, niveau),
        Terme(Nature.MOT, "commerce"),
    )


def test_empty_words_count_only_when_there_is_nothing_else() -> None:
    assert _mots("métiers de la sécurité") == ["metiers", "securite"]
    assert _mots("de la") == ["de", "la"]


def test_terms_are_distinct_and_bounded() -> None:
    assert _mots("pain pain pain") == ["pain"]
    assert len(analyser(" ".join(f"mot{n}x" for n in range(50)))) == MOTS_MAX


def test_nothing_asked_gives_nothing() -> None:
    assert analyser(" ,;!? ") == ()
