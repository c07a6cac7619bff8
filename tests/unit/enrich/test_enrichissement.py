"""From an offer to the whole formation."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.formation import Formation
from contracts.offre import Offre
from services.enrich.domain.enrichissement import Enrichisseur, enrichir
from tests.unit.enrich.fabrique import (
    BAC_PRO,
    JOUR,
    SIRET_CONNU,
    SIRET_INCONNU,
    UAI_CONNU,
    codes,
    offre,
    references,
)

REFERENCES = references()


def _formation(**champs: Any) -> dict[str, Any]:  # noqa: ANN401 - values of any kind
    return enrichir(offre(**champs), REFERENCES, JOUR)[0]


def test_the_formation_has_exactly_the_fields_of_the_contract() -> None:
    assert set(_formation()) == set(Formation.model_fields)


def test_the_values_are_those_of_the_contract() -> None:
    formation = _formation()

    assert Formation.model_validate(formation, strict=True).model_dump() == formation


def test_a_sound_offer_has_no_finding() -> None:
    assert enrichir(offre(), REFERENCES, JOUR)[1] == []


def test_an_empty_offer_is_a_formation_of_which_nothing_is_known() -> None:
    formation, constats = enrichir({}, REFERENCES, JOUR)

    assert {valeur for valeur in formation.values() if not isinstance(valeur, list)} == {
        None,
        True,  # published, until told otherwise
        False,  # distanciel_lad
    }
    assert codes(constats) == [
        "cfd_absent",
        "rncp_absent",
        "certification_inconnue",
        "coordonnees_absentes",
        "uai_lieu_inconnu",
    ]


def test_the_uai_of_the_formateur_serves_in_its_own_commune_only() -> None:
    assert _formation()["uai_formation"] == UAI_CONNU
    assert _formation(code_commune_insee="06029")["uai_formation"] is None


def test_two_unknown_communes_are_not_the_same_commune() -> None:
    champs = {"code_commune_insee": None, "code_postal": None}

    assert (
        _formation(
            **champs,
            etablissement_formateur_siret=SIRET_INCONNU,
            etablissement_formateur_uai="0061234F",
        )["uai_formation"]
        is None
    )


def test_sessions_stay_as_collected_and_give_the_years() -> None:
    formation = _formation(periode=["2021-09", "2019-09", "2022-09"], date_debut=["2021-09-06"])

    assert formation["date_debut"] == ["2021-09-06"]
    assert formation["tags"] == ["2021", "2022"]


@pytest.mark.parametrize(("site", "attendu"), [("LAD", True), ("L01", False)])
def test_the_variant_from_afar_is_told_by_its_key(site: str, attendu: bool) -> None:
    cle = f"056927P0131{SIRET_CONNU}{SIRET_CONNU}-99999#{site}"

    assert _formation(cle_ministere_educatif=cle)["distanciel_lad"] is attendu


def test_the_legacy_rco_identifier_needs_its_three_parts() -> None:
    assert _formation()["id_rco_formation"] == "24_1|24_2|56927"
    assert _formation(id_action=None)["id_rco_formation"] is None


def test_former_keys_are_told() -> None:
    formation, _ = enrichir(offre(), REFERENCES, JOUR, ["ancienne"])

    assert formation["anciennes_cles"] == ["ancienne"]


def test_a_shared_answer_does_not_leak_from_one_offer_to_the_next() -> None:
    enrichisseur = Enrichisseur(REFERENCES, JOUR)
    premiere = enrichisseur.enrichir(offre())[0]
    enrichisseur.enrichir(offre(uai_formation="0060001A", published=False))

    assert enrichisseur.enrichir(offre())[0] == premiere


_TEXTES = (
    st.none()
    | st.sampled_from(
        [
            "",
            "06088",
            "06000",
            "X",
            "1",
            BAC_PRO,
            "RNCP100",
            SIRET_CONNU,
            "43.7,7.2",
            "é",
            "\x00",
            "a,b",
        ]
    )
    | st.text(max_size=12)
)


def _valeurs(nom: str) -> st.SearchStrategy[Any]:
    annotation = str(Offre.model_fields[nom].annotation)
    if annotation.startswith("list[str"):
        return st.lists(st.text(max_size=10), max_size=3)
    if annotation.startswith("list["):
        return st.just([])
    return st.none() | st.booleans() if "bool" in annotation else _TEXTES


@given(st.fixed_dictionaries({nom: _valeurs(nom) for nom in Offre.model_fields}))
def test_no_offer_makes_the_enrichment_fail(donnees: dict[str, Any]) -> None:
    formation, constats = enrichir(donnees, REFERENCES, JOUR)

    assert set(formation) == set(Formation.model_fields)
    assert enrichir(donnees, REFERENCES, JOUR) == (formation, constats)
