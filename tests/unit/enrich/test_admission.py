"""What speaks against an edition that would take the place of another."""

from dataclasses import replace

import pytest

from services.enrich.domain.admission import Remplacement, Seuils, juger, juger_le_format

SEUILS = Seuils(baisse_max=0.1, nouvelles_max=0.5)
ORDINAIRE = Remplacement("cfd", "Diplômes", 1000, 1010, 20, "2025-01-31", "2025-02-28")


@pytest.mark.parametrize(
    ("remplacement", "codes"),
    [
        (ORDINAIRE, []),
        (replace(ORDINAIRE, lignes_apres=900), []),
        (replace(ORDINAIRE, lignes_apres=899), ["baisse"]),
        (replace(ORDINAIRE, nouvelles=505), []),
        (replace(ORDINAIRE, nouvelles=506), ["cles_nouvelles"]),
        (replace(ORDINAIRE, source_apres="2025-01-30"), ["plus_ancienne"]),
        (replace(ORDINAIRE, source_apres="2025-01-31"), []),
        (replace(ORDINAIRE, source_apres=None), []),
        (replace(ORDINAIRE, source_avant=None), []),
        (replace(ORDINAIRE, lignes_avant=0, nouvelles=1010), []),
        (
            replace(ORDINAIRE, lignes_apres=500, nouvelles=400, source_apres="2024-12-31"),
            ["baisse", "cles_nouvelles", "plus_ancienne"],
        ),
    ],
)
def test_a_replacement_is_judged_by_what_it_loses_renews_and_by_its_age(
    remplacement: Remplacement, codes: list[str]
) -> None:
    assert [motif.code for motif in juger(remplacement, SEUILS)] == codes


def test_the_reason_is_told_with_its_figures() -> None:
    (motif,) = juger(replace(ORDINAIRE, lignes_apres=700), SEUILS)

    assert motif.message == (
        "Diplômes : 700 lignes au lieu de 1\u202f000, soit 30,0 % de moins ; le seuil est de 10 %."
    )


def test_tables_of_another_shape_must_be_loaded_again() -> None:
    assert juger_le_format([]) == []
    (motif,) = juger_le_format(["cfd", "mef"])
    assert "cfd, mef" in motif.message
