"""The UAI of the place."""

import pytest

from services.enrich.domain.enrichissement import Enrichisseur
from services.enrich.domain.enrichissement.uai_connus import Connus
from services.enrich.domain.enrichissement.uai_lieu import constater, uai_du_lieu
from tests.unit.enrich.fabrique import JOUR, SIRET_CONNU, UAI_CONNU, codes, offre, references


@pytest.mark.parametrize(
    ("edite", "collecte", "meme_commune", "attendu"),
    [
        ("0060001A", "0060002B", True, "0060001A"),
        (None, "0060002B", True, "0060002B"),
        (None, None, True, "0060003C"),
        (None, None, False, None),
        ("", "", True, "0060003C"),
    ],
)
def test_precedence(
    edite: str | None, collecte: str | None, meme_commune: bool, attendu: str | None
) -> None:
    assert uai_du_lieu(edite, collecte, "0060003C", meme_commune=meme_commune) == attendu


@pytest.mark.parametrize(
    ("uai", "departement", "attendus"),
    [
        ("0061234F", "06", []),
        ("0061234F", "84", ["uai_autre_departement"]),
        ("0061234F", None, []),
        ("6200001A", "2A", []),
        ("pas un uai", "06", []),
        (None, "06", ["uai_lieu_inconnu"]),
    ],
)
def test_what_is_found(uai: str | None, departement: str | None, attendus: list[str]) -> None:
    assert codes(constater(uai, departement)) == attendus


def test_the_uai_known_for_the_siret_of_the_place_is_proposed() -> None:
    (constat,) = constater(None, "06", Connus("0061234F", None, "2022-10-12"))

    assert constat["correction"] == {"uai_formation": "0061234F"}
    assert constat["confiance"] == "moyenne"


def test_three_places_of_one_siret_keep_their_three_uai() -> None:
    enrichisseur = Enrichisseur(references(), JOUR)
    offres = [
        offre(
            etablissement_formateur_siret=SIRET_CONNU,
            code_commune_insee=insee,
            code_postal=None,
            **champs,
        )
        for insee, champs in (
            ("06088", {}),
            ("06029", {"uai_formation": "0060002B"}),
            ("84007", {"etablissement_lieu_formation_uai": "0840001A"}),
        )
    ]

    uais = [enrichisseur.enrichir(une)[0]["uai_formation"] for une in offres]

    assert uais == [UAI_CONNU, "0060002B", "0840001A"]


def test_the_formateur_s_uai_is_not_that_of_a_place_in_another_commune() -> None:
    ailleurs = offre(code_commune_insee="84007", code_postal="84000")

    formation, constats = Enrichisseur(references(), JOUR).enrichir(ailleurs)

    assert formation["uai_formation"] is None
    assert "uai_lieu_inconnu" in codes(constats)
