"""Offers that probably are one."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.enrich.domain.doublons import Offre, doublons


def _offre(identifiant: str, **champs: Any) -> Offre:  # noqa: ANN401 - values of any kind
    formation = {
        "cfd": "40025214",
        "code_commune_insee": "06088",
        "etablissement_formateur_siret": "19060793700074",
        "lieu_formation_adresse": "1, rue de l'École",
        "duree": "2",
        "annee": "1",
        "periode": ["2021-09", "2021-10"],
        "cle_ministere_educatif": f"cle-{identifiant}",
    } | champs
    return Offre(identifiant, "2020-11-16", formation)


def test_same_certification_place_formateur_and_month_are_probably_one() -> None:
    (trouve,) = doublons([_offre("A"), _offre("B", periode=["2021-10"])])

    assert {trouve.garder.id, *(autre.id for autre in trouve.autres)} == {"A", "B"}
    assert trouve.mois == ("2021-10",)


def test_an_address_written_otherwise_is_the_same_place() -> None:
    assert doublons([_offre("A"), _offre("B", lieu_formation_adresse="1 RUE DE L ECOLE")])


def test_another_month_place_diploma_or_entry_year_is_another_offer() -> None:
    autres = (
        {"periode": ["2022-09"]},
        {"code_commune_insee": "13055"},
        {"cfd": "50022137"},
        {"annee": "2"},
        {"id_certifinfo": "90833"},
        {"lieu_formation_adresse": "2 rue de l'École"},
    )

    for champs in autres:
        assert doublons([_offre("A"), _offre("B", **champs)]) == [], champs


def test_an_old_code_and_its_successor_are_the_same_diploma() -> None:
    ancien = _offre("B", cfd="40025000", cfd_remplace_par="40025214")

    assert doublons([_offre("A"), ancien])


def test_the_one_to_keep_has_a_key_of_its_own_then_tells_more() -> None:
    attribuee = _offre("A", cle_attribuee=True, uai_formation="0061234F")
    pauvre, riche = _offre("B"), _offre("C", uai_formation="0061234F")
    (trouve,) = doublons([attribuee, pauvre, riche])

    assert [trouve.garder.id, *(autre.id for autre in trouve.autres)] == ["C", "B", "A"]


def test_what_differs_is_said() -> None:
    autre = _offre("B", etablissement_gestionnaire_siret="19840110100011")
    (trouve,) = doublons([_offre("A"), autre])

    assert "le gestionnaire" in trouve.explication
    assert "cle-" in trouve.proposition


def test_two_that_share_nothing_are_linked_by_a_third() -> None:
    un, deux = _offre("A", periode=["2021-09"]), _offre("B", periode=["2021-11"])
    (trouve,) = doublons([un, deux, _offre("C", periode=["2021-09", "2021-11"])])

    assert len(trouve.autres) == 2


@given(st.permutations(["A", "B", "C", "D"]))
def test_the_order_of_offers_does_not_matter(ordre: list[str]) -> None:
    mois = {"A": ["2021-09"], "B": ["2021-10"], "C": ["2021-09", "2021-10"], "D": ["2023-01"]}
    (trouve,) = doublons([_offre(nom, periode=mois[nom]) for nom in ordre])

    assert trouve.garder.id == "A"
    assert {autre.id for autre in trouve.autres} == {"B", "C"}
