"""Figures of quality: what lacks, what is found, what to mend first."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.enrich.domain.constats import constat
from services.enrich.domain.qualite.bilan import SANS_CONSTAT, TOUT, Bilan, Mesure, Portee
from services.enrich.domain.qualite.completude import ELEMENTS, est_complete, manquants
from services.enrich.domain.qualite.priorites import taches


def _entiere(**champs: Any) -> dict[str, Any]:  # noqa: ANN401 - values of any kind
    return (
        {champ: "1" for element in ELEMENTS for champ in element.champs}
        | {
            "num_academie": "10",
            "nom_academie": "Lyon",
            "region": "Auvergne-Rhône-Alpes",
            "etablissement_gestionnaire_siret": "19060793700074",
            "etablissement_gestionnaire_num_academie": "23",
            "etablissement_formateur_siret": "19840110100011",
        }
        | champs
    )


def test_nothing_is_missing_of_an_offer_that_tells_everything() -> None:
    assert manquants(_entiere()) == []


def test_what_is_not_collected_yet_is_missing() -> None:
    lacunes = manquants(_entiere(annee="X", date_debut=[], code_postal=None))

    assert [element.code for element in lacunes] == ["code_postal", "annee", "sessions"]
    assert not est_complete(lacunes)


def test_any_of_the_fields_that_tell_a_fact_is_enough() -> None:
    assert manquants(_entiere(intitule_long=None)) == []


def test_what_is_only_recommended_leaves_an_offer_complete() -> None:
    lacunes = manquants(_entiere(capacite=None, capacite_simultanee=[]))

    assert [element.code for element in lacunes] == ["capacite"]
    assert est_complete(lacunes)


def test_a_formation_counts_once_in_each_of_its_sets() -> None:
    mesure = Mesure()
    mesure.noter(_entiere(), ["uai_different", "uai_different"])

    assert set(map(str, mesure.bilans)) == {
        "tout",
        "academie:10",
        "region:Auvergne-Rhône-Alpes",
        "siret:19060793700074",
        "siret:19840110100011",
    }
    assert mesure.bilans[TOUT].constats == {"uai_different": 1}
    assert mesure.academies[Portee("siret", "19060793700074")] == "23"


def test_one_establishment_in_both_roles_counts_once() -> None:
    mesure = Mesure()
    siret = "19060793700074"
    mesure.noter(_entiere(etablissement_formateur_siret=siret), [])

    assert mesure.bilans[Portee("siret", siret)].offres == 1


def test_a_formation_is_counted_under_its_worst_finding() -> None:
    bilan = Bilan()
    bilan.ajouter([], ["cle_absente", "uai_different"], complete=True)
    bilan.ajouter([], ["rome_absent"], complete=True)
    bilan.ajouter([], [], complete=True)

    assert bilan.gravites == {"bloquant": 1, "information": 1, SANS_CONSTAT: 1}


@given(st.lists(st.sets(st.sampled_from(["cle_absente", "uai_different", "rome_absent"]))))
def test_the_severities_of_a_set_add_up_to_its_offers(offres: list[set[str]]) -> None:
    bilan = Bilan()
    for codes in offres:
        bilan.ajouter([], codes, complete=True)

    assert sum(bilan.gravites.values()) == bilan.offres == len(offres)


def _tenue(nom: str, *constats: Any) -> tuple[str, str, int, list[Any]]:  # noqa: ANN401
    return nom, f"Offre {nom}", 1, list(constats)


def test_the_same_finding_of_several_offers_is_one_thing_to_mend() -> None:
    absent = constat("cfd_absent", "cfd")
    (tache,) = taches([_tenue("F1", absent), _tenue("F2", absent)])

    assert [nom for nom, _, _ in tache.offres] == ["F1", "F2"]


def test_what_blocks_comes_first_then_what_a_proposal_mends_then_what_concerns_most() -> None:
    bloquant = constat("cle_absente", "cle_ministere_educatif")
    sure = constat("uai_different", "x", "1", "2", confiance=None, correction={"x": "2"})
    nombreux, rare = constat("cfd_absent", "cfd"), constat("rncp_absent", "rncp_code")
    ordre = taches(
        [
            _tenue("F1", rare, nombreux),
            _tenue("F2", nombreux),
            _tenue("F3", sure),
            _tenue("F4", bloquant),
        ]
    )

    assert [tache.constat["code"] for tache in ordre] == [
        "cle_absente",
        "uai_different",
        "cfd_absent",
        "rncp_absent",
    ]


def test_what_asks_for_nothing_is_not_to_be_mended() -> None:
    assert taches([_tenue("F1", constat("rome_absent", "rncp_code"))]) == []
