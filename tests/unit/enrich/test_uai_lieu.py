"""The UAI of the place."""

from typing import Any

import pytest

from services.enrich.domain.constats import Constats
from services.enrich.domain.enrichissement import Enrichisseur
from services.enrich.domain.enrichissement.uai_lieu import constater, uai_du_lieu
from tests.unit.enrich.fabrique import JOUR, SIRET_CONNU, UAI_CONNU, codes, offre, references

UAI_JUSTE = "0061234J"


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


def _constater(
    uai: str | None,
    departement: str | None = "06",
    siret: str | None = None,
    registre: list[list[Any]] | None = None,
) -> Constats:
    tables = references() if registre is None else references(uai=registre)
    return constater(uai, departement, "06088", siret, tables, JOUR)


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
    assert codes(_constater(uai, departement)) == attendus


def test_the_uai_known_for_the_siret_of_the_place_is_proposed() -> None:
    (constat,) = _constater(None, siret=SIRET_CONNU)

    assert constat["correction"] == {"uai_formation": UAI_CONNU}
    assert constat["confiance"] == "moyenne"


@pytest.mark.parametrize(
    ("commune", "fermeture", "ferme", "attendus"),
    [
        ("06088", None, False, []),
        ("06088", "2020-11-16", True, ["uai_ferme"]),
        ("06088", "2020-11-17", False, []),
        ("06088", "2020-11-17", True, []),
        ("06088", None, True, ["uai_ferme"]),
        ("06029", None, False, ["uai_autre_commune"]),
        (None, None, False, []),
    ],
)
def test_the_register_tells_what_is_closed_or_elsewhere(
    commune: str | None, fermeture: str | None, ferme: bool, attendus: list[str]
) -> None:
    registre = [[UAI_JUSTE, "LYCÉE", commune, None, "1965-05-01", fermeture, ferme]]

    assert codes(_constater(UAI_JUSTE, registre=registre)) == attendus


def test_the_open_uai_of_the_siret_is_proposed_in_the_place_of_a_closed_one() -> None:
    ferme = [UAI_JUSTE, "LYCÉE", "06088", None, None, "2020-01-31", True]
    (constat,) = _constater(UAI_JUSTE, siret=SIRET_CONNU, registre=[ferme])
    assert (constat["proposition"], constat["correction"]) == (
        UAI_CONNU,
        {"uai_formation": UAI_CONNU},
    )

    aussi = [UAI_CONNU, "LYCÉE", "06088", None, None, "2020-01-31", True]
    (constat,) = _constater(UAI_JUSTE, siret=SIRET_CONNU, registre=[ferme, aussi])
    assert "proposition" not in constat


def test_a_uai_that_the_register_lacks_is_said_unless_its_letter_is_wrong_anyway() -> None:
    registre = [["0010001W", None, None, None, None, None, False]]

    assert codes(_constater(UAI_JUSTE, registre=registre)) == ["uai_hors_registre"]
    assert codes(_constater("0061234F", registre=registre)) == []


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
