"""Normalisation and checks: names, values, and what a line says by itself."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.constats import CATALOGUE, Gravite
from contracts.offre import Offre
from services.collect.domain.champs import CHAMPS, reconnaitre
from services.collect.domain.controles import controler
from services.collect.domain.lignes import serialiser
from services.collect.domain.normalisation import normaliser
from services.collect.domain.tenue import Tenue, evenement
from services.kernel.events import RECORD_BYTES_MAX

SIRET = "19840110100011"
AUTRE = "19060793700074"
CLE = f"064390P0121{AUTRE}{SIRET}-84007#L01"

HISTORIQUE: dict[str, Any] = {
    "id_formation": "24_171223",
    "id_action": "24_1408562##24_1408561",
    "id_certifinfo": "56927",
    "etablissement_gestionnaire_siret": SIRET,
    "etablissement_gestionnaire_code_insee": "84007",
    "etablissement_formateur_siret": AUTRE,
    "etablissement_lieu_formation_adresse": " 50 rue Château ",
    "etablissement_lieu_formation_code_postal": "84000",
    "etablissement_lieu_formation_code_insee": "84007",
    "etablissement_lieu_formation_geo_coordonnees": "43.5614, 5.5248",
    "intitule_formation": "CAP Pâtisserie",
    "cfd": "23633502",
    "rncp_code": "4911",
    "periode": "2021-09##2020-10|2021-09",
    "published": 1,
    "updates_history": [{"from": {}}],
    "email": "no-reply@example.org",
    "capacite": "",
}


def codes(brut: dict[str, Any]) -> set[str]:
    lue = normaliser(brut)
    return {constat["code"] for constat in controler(lue.offre, lue.constats)}


def complete(**autres: object) -> dict[str, Any]:
    return {
        "cle_ministere_educatif": CLE,
        "etablissement_gestionnaire_siret": AUTRE,
        "etablissement_formateur_siret": SIRET,
        "code_commune_insee": "84007",
        "cfd": "23633502",
        "duree": "2",
        "annee": "1",
        "date_debut": ["2021-09-01"],
        **autres,
    }


def test_reads_the_historic_flat_record_as_it_is() -> None:
    lue = normaliser(HISTORIQUE)

    assert lue.offre == {
        "id_formation": "24_171223",
        "id_action": "24_1408561|24_1408562",
        "ids_action": ["24_1408561", "24_1408562"],
        "id_certifinfo": "56927",
        "etablissement_gestionnaire_siret": SIRET,
        "etablissement_gestionnaire_code_commune_insee": "84007",
        "etablissement_formateur_siret": AUTRE,
        "lieu_formation_adresse": "50 rue Château",
        "code_postal": "84000",
        "code_commune_insee": "84007",
        "lieu_formation_geo_coordonnees": "43.5614,5.5248",
        "intitule_rco": "CAP Pâtisserie",
        "cfd": "23633502",
        "rncp_code": "RNCP4911",
        "periode": ["2020-10", "2021-09"],
    }
    assert lue.inconnues == []


def test_a_normalised_offer_is_an_offre_of_the_contract() -> None:
    offre = normaliser(complete(**HISTORIQUE)).offre

    assert Offre.model_validate(offre).model_dump(exclude_defaults=True) == offre


def test_a_complete_offer_has_nothing_to_say() -> None:
    assert codes(complete()) == set()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"etablissement_gestionnaire_siret": None}, "siret_gestionnaire_manquant"),
        ({"etablissement_gestionnaire_siret": "1234"}, "siret_gestionnaire_mal_forme"),
        ({"etablissement_gestionnaire_siret": "8,17576E+13"}, "siret_gestionnaire_mal_forme"),
        ({"etablissement_formateur_siret": ""}, "siret_formateur_manquant"),
        ({"code_commune_insee": "Paris"}, "lieu_absent"),
        ({"cfd": None}, "certification_absente"),
    ],
)
def test_what_an_offer_cannot_do_without_is_a_refusal(change: dict[str, Any], code: str) -> None:
    assert code in codes(complete(**change))
    assert CATALOGUE[code].gravite is Gravite.REFUS


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"etablissement_gestionnaire_siret": "19060793700075"}, "siret_cle_fausse"),
        ({"uai_formation": "0010856B"}, "uai_lettre_fausse"),
        ({"cle_ministere_educatif": None}, "cle_absente"),
        ({"cle_ministere_educatif": "15"}, "cle_mal_formee"),
    ],
)
def test_a_wrong_check_key_and_a_missing_cle_block_only(change: dict[str, Any], code: str) -> None:
    assert code in codes(complete(**change))
    assert CATALOGUE[code].gravite is Gravite.BLOQUANT


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"uai_formation": "abc"}, "uai_mal_forme"),
        ({"cfd": "36T3120", "rncp_code": "RNCP4911"}, "cfd_mal_forme"),
        ({"rncp_code": "RS12"}, "rncp_mal_forme"),
        ({"code_postal": "8400A"}, "code_postal_mal_forme"),
        ({"lieu_formation_geo_coordonnees": 43.5}, "coordonnees_illisibles"),
        ({"etablissement_formateur_courriel": "chez moi"}, "courriel_mal_forme"),
        ({"duree": "deux"}, "duree_illisible"),
        ({"annee": "0"}, "annee_illisible"),
        ({"capacite": "beaucoup"}, "capacite_illisible"),
        ({"published": "peut-être"}, "booleen_illisible"),
        ({"localite": {"nom": "Avignon"}}, "valeur_illisible"),
        ({"date_debut": ["2021-02-30"]}, "date_illisible"),
        ({"date_fin": ["2021-08-31"]}, "date_fin_avant_debut"),
        ({"date_fin": ["2022-07-01", "2023-07-01"]}, "listes_inegales"),
        ({"date_debut": []}, "dates_absentes"),
        ({"periode": ["septembre"]}, "periode_invalide"),
        ({"periode": [f"20{n:02}-09" for n in range(30)]}, "plus_de_24_mois"),
        ({"etablissement_formateur_siret": AUTRE}, "cle_incoherente"),
        ({"annee": "3"}, "cle_incoherente"),
    ],
)
def test_the_rest_is_to_correct(change: dict[str, Any], code: str) -> None:
    assert code in codes(complete(**change))
    assert CATALOGUE[code].gravite is Gravite.A_CORRIGER


@pytest.mark.parametrize(
    ("champ", "brut", "lu"),
    [
        ("etablissement_gestionnaire_siret", "190 607 937 00074", AUTRE),
        ("etablissement_gestionnaire_siret", 19060793700074, AUTRE),
        ("cfd", 1033302.0, "01033302"),
        ("cfd", "2363350Z", "2363350Z"),
        ("rncp_code", "NR", None),
        ("code_postal", 1000, "01000"),
        ("published", "non", False),
        ("published", True, None),
        ("entierement_a_distance", "0", False),
        ("duree", "2 ans", "2"),
        ("annee", "x", "X"),
        ("capacite", "015", "15"),
        ("date_debut", "01/09/2021|2022-09-01", ["2021-09-01", "2022-09-01"]),
        ("modalites_entrees_sorties", [1, "false"], [True, False]),
        ("effectif_minimal", "5##12", [5, 12]),
        ("cle_ministere_educatif", CLE.lower(), CLE),
        ("cle_me_remplace", f"{CLE}##{CLE}", [CLE]),
        ("intitule_rco", "Cafe\u0301", "Café"),
    ],
)
def test_reads_values_as_people_and_spreadsheets_write_them(
    champ: str, brut: object, lu: object
) -> None:
    assert normaliser({champ: brut}).offre.get(champ) == lu


def test_a_lost_zero_is_restored_and_said() -> None:
    (constat,) = normaliser({"cfd": "1033302"}).constats

    assert constat == {
        "code": "zero_restaure",
        "champ": "cfd",
        "valeur": "1033302",
        "proposition": "01033302",
        "raison": "Un tableur efface les zéros en tête d'un nombre.",
        "confiance": "haute",
    }


def test_the_letter_of_a_speciality_is_kept_apart() -> None:
    assert normaliser({"cfd": "40025214A"}).offre == {"cfd": "40025214", "cfd_specialite": "A"}


@pytest.mark.parametrize(
    "nom", ["SIRET gestionnaire", "siret_gestionnaire", "SIRET de l’organisme gestionnaire"]
)
def test_a_column_is_recognised_as_people_name_it(nom: str) -> None:
    assert reconnaitre(nom) == "etablissement_gestionnaire_siret"


def test_the_own_name_of_a_field_counts_before_its_aliases() -> None:
    brut = {"etablissement_lieu_formation_code_insee": "75056", "code_commune_insee": "84007"}

    assert normaliser(brut).offre == {"code_commune_insee": "84007"}
    assert normaliser(dict(reversed(brut.items()))).offre == {"code_commune_insee": "84007"}


def test_an_unknown_column_is_named_when_it_holds_something() -> None:
    assert normaliser({"couleur": "bleu", "vide": ""}).inconnues == ["couleur"]


def test_a_list_too_long_and_a_text_too_long_are_not_kept() -> None:
    lue = normaliser({"ids_action": [str(n) for n in range(10_000)], "localite": "x" * 5_000})

    assert lue.offre == {}
    assert {c["code"] for c in lue.constats} == {"valeur_illisible"}
    assert all(len(c["valeur"]) <= 200 for c in lue.constats)


def test_the_event_of_the_largest_record_stays_within_the_bounds_of_an_event() -> None:
    cles = [f"{n:06d}P0121{AUTRE}{SIRET}-84007#L01" for n in range(20_000)]
    brut: dict[str, Any] = dict.fromkeys(Offre.model_fields, "\x01" * 2_000)
    brut |= {
        "cle_me_remplace": cles,
        "cle_me_remplace_par": ["x" * 50 + str(n) for n in range(20_000)],
        "periode": [f"{annee:04d}-{mois:02d}" for annee in range(9_999) for mois in range(1, 13)],
        "ids_action": ["9" * 100 + str(n) for n in range(10_000)],
        "date_debut": ["2021-09-01"] * 100_000,
        "modalites_entrees_sorties": [True] * 100_000,
    }

    lue = normaliser(brut)
    constats = controler(lue.offre, lue.constats)
    tenue = Tenue("id", "cfa", contenu=serialiser(lue.offre)[0], constats=constats)

    assert len(evenement(tenue)) < RECORD_BYTES_MAX


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=30)
    | st.sampled_from([SIRET, CLE, "2021-09-01", "2021-09", "1|2##3", "0010856A", "43.5,5.5"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(sorted(CHAMPS)), anything, max_size=12))
def test_any_record_is_read_and_its_reading_reads_as_itself(brut: dict[str, Any]) -> None:
    offre = normaliser(brut).offre

    assert normaliser(offre).offre == offre
    assert Offre.model_validate(offre).model_dump(exclude_defaults=True) == offre
    controler(offre, [])
