"""The gestionnaire and the formateur of an offer."""

from dataclasses import astuple
from datetime import date
from typing import Any

import pytest

from services.enrich.domain.enrichissement.etablissements import (
    Declaration,
    Role,
    actif,
    certifie_qualite,
    presenter,
)
from tests.unit.enrich.fabrique import (
    JOUR,
    SIRET_CONNU,
    SIRET_FERME,
    SIRET_INCONNU,
    UAI_CONNU,
    codes,
    references,
)

REFERENCES = references()
APRES_LA_LISTE = date(2022, 10, 12)
REFERENCES_LIGNES = {
    siret: astuple(etablissement) for siret, etablissement in REFERENCES.etablissements.items()
}
VIDE = Declaration(None, None, None, None, None, None, None)


def _declaration(**champs: str | None) -> Declaration:
    return Declaration(
        *(champs.get(nom, getattr(VIDE, nom)) for nom in Declaration.__dataclass_fields__)
    )


def _champs(
    declaration: Declaration, role: Role = "formateur", jour: date = JOUR
) -> dict[str, Any]:
    prefixe = f"etablissement_{role}_"
    champs, _ = presenter(role, declaration, REFERENCES, jour)
    return {nom.removeprefix(prefixe): valeur for nom, valeur in champs.items()}


def test_the_list_completes_what_is_not_declared() -> None:
    champs = _champs(_declaration(siret=SIRET_CONNU))

    assert champs["siren"] == "190607937"
    assert champs["uai"] == UAI_CONNU
    assert champs["raison_sociale"] == "LYCÉE DES MÉTIERS"
    assert champs["adresse"] == "1 RUE DE LA GARE"
    assert champs["num_academie"] == "23"
    assert champs["connu"] is True


def test_declared_facts_win() -> None:
    champs = _champs(_declaration(siret=SIRET_CONNU, uai="0060001A", raison_sociale="Mon CFA"))

    assert (champs["uai"], champs["raison_sociale"]) == ("0060001A", "Mon CFA")


def test_an_address_is_taken_whole_from_one_source() -> None:
    champs = _champs(
        _declaration(siret=SIRET_CONNU, code_commune_insee="84007", code_postal="84000")
    )

    assert champs["code_commune_insee"] == "84007"
    assert champs["localite"] == "Avignon"
    assert champs["adresse"] is None
    assert champs["geo_coordonnees"] is None


def test_an_unknown_establishment_is_what_the_offer_says() -> None:
    champs = _champs(_declaration(siret=SIRET_INCONNU, code_commune_insee="06088"))

    assert champs["num_departement"] == "06"
    assert (champs["connu"], champs["actif"], champs["certifie_qualite"]) == (False, None, None)


def test_nothing_declared_is_nothing_known() -> None:
    assert set(_champs(VIDE).values()) == {None}


@pytest.mark.parametrize(
    ("siret", "jour", "attendu"),
    [
        (SIRET_CONNU, JOUR, True),
        (SIRET_CONNU, date(2000, 12, 31), False),
        (SIRET_FERME, JOUR, None),
        (SIRET_FERME, APRES_LA_LISTE, False),
        (SIRET_INCONNU, JOUR, None),
    ],
)
def test_a_closing_is_unknown_before_the_day_of_the_list(
    siret: str, jour: date, attendu: bool | None
) -> None:
    assert actif(REFERENCES.etablissements.get(siret), jour) is attendu


def test_a_certification_is_unknown_before_the_day_of_the_list() -> None:
    connu = REFERENCES.etablissements[SIRET_CONNU]

    assert certifie_qualite(connu, JOUR) is None
    assert certifie_qualite(connu, APRES_LA_LISTE) is True


@pytest.mark.parametrize(
    ("role", "declaration", "attendus"),
    [
        ("formateur", {"siret": SIRET_CONNU}, []),
        ("formateur", {"siret": SIRET_INCONNU}, ["siret_formateur_inconnu"]),
        ("gestionnaire", {"siret": SIRET_INCONNU}, ["siret_gestionnaire_inconnu"]),
        ("formateur", {"siret": SIRET_FERME}, ["etablissement_ferme"]),
        (
            "formateur",
            {"siret": SIRET_FERME, "uai": "0060001A"},
            ["etablissement_ferme", "uai_autre_correspondance"],
        ),
        ("formateur", {"siret": SIRET_CONNU, "uai": "0060001A"}, ["uai_different"]),
        ("formateur", {"siret": SIRET_CONNU, "uai": UAI_CONNU}, []),
        ("formateur", {}, []),
    ],
)
def test_what_is_found(role: Role, declaration: dict[str, str], attendus: list[str]) -> None:
    _, constats = presenter(role, _declaration(**declaration), REFERENCES, JOUR)

    assert codes(constats) == attendus


def test_the_uai_of_the_reference_is_proposed() -> None:
    declaration = _declaration(siret=SIRET_FERME, uai="0060001A")
    _, constats = presenter("formateur", declaration, REFERENCES, JOUR)

    assert constats[-1]["proposition"] == "0840001A"


def test_a_uai_that_one_source_confirms_is_not_to_be_mended() -> None:
    divergentes = references(uai_siret=[[SIRET_CONNU, "0060001A"]])
    declaration = _declaration(siret=SIRET_CONNU, uai="0060001A")
    _, (dit,) = presenter("formateur", declaration, divergentes, JOUR)

    assert dit["code"] == "uai_sources_divergentes"
    assert "proposition" not in dit
    assert UAI_CONNU in dit["raison"]


def test_a_closed_establishment_gives_way_to_the_only_open_one_in_its_commune() -> None:
    suivant = SIRET_FERME[:9] + "00029"
    etablissement = list(REFERENCES_LIGNES[SIRET_FERME])
    ouvert = [suivant, *etablissement[1:10], False, *etablissement[11:]]
    _, (dit,) = presenter(
        "formateur",
        _declaration(siret=SIRET_FERME),
        references(etablissements=[etablissement, ouvert]),
        JOUR,
    )

    assert dit["proposition"] == suivant
    assert dit["confiance"] == "moyenne"


@pytest.mark.parametrize(
    ("certifie", "jour", "attendus"),
    [
        (False, APRES_LA_LISTE, ["gestionnaire_non_certifie"]),
        (None, APRES_LA_LISTE, ["qualiopi_inconnue"]),
        (True, APRES_LA_LISTE, []),
        (False, JOUR, []),
    ],
)
def test_a_certification_is_judged_from_the_day_of_the_list(
    certifie: bool | None, jour: date, attendus: list[str]
) -> None:
    ligne = list(REFERENCES_LIGNES[SIRET_CONNU])
    ligne[11] = certifie
    _, constats = presenter(
        "gestionnaire", _declaration(siret=SIRET_CONNU), references(etablissements=[ligne]), jour
    )

    assert codes(constats) == attendus
