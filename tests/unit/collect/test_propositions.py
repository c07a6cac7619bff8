"""What an offer proposes for its own faulty codes, sessions and durée, and how sure it is."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.constats import CATALOGUE
from contracts.evenements import Constat as ConstatPublie
from contracts.identifiants import cle as cles
from services.collect.domain.constat import Constat
from services.collect.domain.controles import controler
from services.collect.domain.normalisation import normaliser
from tests.support.offres import AUTRE_SIRET, SIRET, offre

GESTIONNAIRE = "etablissement_gestionnaire_siret"
FORMATEUR = "etablissement_formateur_siret"


def constats(**champs: Any) -> list[Constat]:  # noqa: ANN401 - values of any kind
    """Return what an offer of another clé than its own SIRETs is told; None leaves a field out."""
    brut: dict[str, object] = {**offre(1), "cle_ministere_educatif": None, **champs}
    lue = normaliser(brut)
    return controler(lue.offre, lue.constats)


def constat(code: str, **champs: Any) -> Constat:  # noqa: ANN401 - values of any kind
    (fait,) = [fait for fait in constats(**champs) if fait["code"] == code]
    return fait


def correction(code: str, **champs: Any) -> tuple[Any, str]:  # noqa: ANN401 - values of any kind
    fait = constat(code, **champs)
    return fait["correction"], fait["confiance"]


class TestSiret:
    @pytest.mark.parametrize(
        ("valeur", "code"),
        [
            ("00000000000000", "siret_fictif"),
            ("99999999999920", "siret_fictif"),
            ("19840110100000", "siret_siren_complete"),
            ("19750001600013", "siret_siren_faux"),
            ("19840110100012", "siret_cle_fausse"),
            ("198401101", "siret_siren_seul"),
            ("1984011010001A", "siret_formateur_mal_forme"),
            ("SIRET 19840110100011", "code_dans_un_texte"),
            ("198 401 101 00011", "valeur_normalisee"),
            ("2408240600034", "zero_restaure"),
        ],
    )
    def test_each_fault_has_its_code(self, valeur: str, code: str) -> None:
        assert constat(code, **{FORMATEUR: valeur})["champ"] == FORMATEUR

    def test_a_siret_of_la_poste_has_nothing_to_say(self) -> None:
        faits = constats(**{FORMATEUR: "35600000009075"})

        assert {fait.get("champ") for fait in faits}.isdisjoint({FORMATEUR})

    def test_a_siren_alone_is_not_also_missing(self) -> None:
        codes = {fait["code"] for fait in constats(**{FORMATEUR: "198401101"})}

        assert "siret_formateur_manquant" not in codes

    @pytest.mark.parametrize("valeur", [None, "1234", "19840110100012", "00000000000000"])
    def test_the_cle_gives_the_one_it_is_made_of(self, valeur: str | None) -> None:
        faits = constats(**{FORMATEUR: valeur, "cle_ministere_educatif": _cle(AUTRE_SIRET)})

        (fait,) = [f for f in faits if f["code"].startswith("siret_")]
        assert fait["correction"] == {FORMATEUR: AUTRE_SIRET}
        assert fait["confiance"] == "moyenne"

    @pytest.mark.parametrize(
        "valeur", ["19840110100012", "19840110100101", "1984011010011", "198401101000112"]
    )
    def test_one_slip_away_from_the_other_organism(self, valeur: str) -> None:
        (fait,) = [
            f for f in constats(**{FORMATEUR: valeur}) if f.get("correction") == {FORMATEUR: SIRET}
        ]

        assert fait["confiance"] == "moyenne"

    @pytest.mark.parametrize("valeur", ["198401101", "19840110100000"])
    def test_another_establishment_of_the_company_is_only_likely(self, valeur: str) -> None:
        (fait,) = [
            f for f in constats(**{FORMATEUR: valeur}) if f.get("correction") == {FORMATEUR: SIRET}
        ]

        assert fait["confiance"] == "faible"

    def test_letters_typed_for_digits(self) -> None:
        fait = correction(
            "siret_formateur_mal_forme",
            **{FORMATEUR: "19O6O7937OOO74", GESTIONNAIRE: AUTRE_SIRET},
        )

        assert fait == ({FORMATEUR: AUTRE_SIRET}, "moyenne")

    def test_a_filler_alone_proposes_nothing(self) -> None:
        assert "proposition" not in constat("siret_fictif", **{FORMATEUR: "99999999999920"})


class TestUai:
    def test_the_letter_is_surer_where_the_digits_name_the_departement(self) -> None:
        assert correction("uai_lettre_fausse", uai_formation="0840001A") == (
            {"uai_formation": "0840001V"},
            "moyenne",
        )

    def test_elsewhere_the_digits_may_be_wrong_as_well(self) -> None:
        assert correction("uai_lettre_fausse", uai_formation="0330001A") == (
            {"uai_formation": "0330001X"},
            "faible",
        )

    def test_in_a_sentence(self) -> None:
        fait = constat("code_dans_un_texte", uai_formation="celui du CFA : 0840001V")

        assert fait["proposition"] == "0840001V"


class TestSessions:
    def test_ends_are_given_back_in_the_order_of_starts(self) -> None:
        assert correction(
            "date_fin_avant_debut",
            date_debut=["2023-09-01", "2021-09-01"],
            date_fin=["2023-07-01", "2025-07-01"],
        ) == (
            {
                "date_debut": ["2023-09-01", "2021-09-01"],
                "date_fin": ["2025-07-01", "2023-07-01"],
            },
            "moyenne",
        )

    def test_an_end_in_a_wrong_year_is_the_one_that_the_duree_calls_for(self) -> None:
        assert correction(
            "date_fin_avant_debut", date_debut=["2021-09-01"], date_fin=["2021-07-05"]
        ) == ({"date_debut": ["2021-09-01"], "date_fin": ["2023-07-05"]}, "moyenne")

    def test_without_a_duree_start_and_end_may_be_exchanged(self) -> None:
        assert correction(
            "date_fin_avant_debut",
            duree=None,
            date_debut=["2023-07-05"],
            date_fin=["2021-09-01"],
        ) == ({"date_debut": ["2021-09-01"], "date_fin": ["2023-07-05"]}, "faible")

    def test_unequal_lists_say_how_they_were_understood(self) -> None:
        fait = constat(
            "listes_inegales",
            date_debut=["2021-09-01", "2022-09-01", "2023-09-01"],
            date_fin=["2023-07-05", "2024-07-05"],
        )

        assert fait["proposition"] == "du 2021-09-01 au 2023-07-05 ; du 2022-09-01 au 2024-07-05"
        assert fait["confiance"] == "moyenne"

    def test_one_value_for_all_sessions(self) -> None:
        assert correction(
            "listes_inegales", date_debut=["2021-09-01", "2022-09-01"], effectif_minimal=[8]
        ) == ({"effectif_minimal": [8, 8]}, "moyenne")

    def test_empty_places_keep_their_rank(self) -> None:
        lue = normaliser({"capacite_simultanee": "10####0"})

        assert lue.offre == {"capacite_simultanee": [10, None, 0]}

    @pytest.mark.parametrize("texte", ["2021-2022", "2021/22", "année scolaire 2021 - 2022"])
    def test_a_school_year_is_no_month(self, texte: str) -> None:
        assert correction("periode_annee_scolaire", periode=[texte], date_debut=[]) == (
            {"periode": ["2021-09"]},
            "faible",
        )

    def test_the_starts_of_that_school_year_are_its_months(self) -> None:
        assert correction(
            "periode_annee_scolaire",
            periode="2021-2022",
            date_debut=["2021-10-04", "2022-01-10", "2022-09-01"],
        ) == ({"periode": ["2021-10", "2022-01"]}, "moyenne")


class TestDuree:
    @pytest.mark.parametrize(("valeur", "ans"), [("24 mois", "2"), ("12MOIS", "1")])
    def test_whole_years_said_in_months_are_read(self, valeur: str, ans: str) -> None:
        assert normaliser({"duree": valeur}).offre == {"duree": ans}
        assert constat("duree_en_mois", duree=valeur)["proposition"] == ans

    @pytest.mark.parametrize(
        ("valeur", "ans", "confiance"),
        [(24, "2", "moyenne"), ("36", "3", "moyenne"), ("18 mois", "2", "faible")],
    )
    def test_what_may_be_months_is_only_proposed(
        self, valeur: object, ans: str, confiance: str
    ) -> None:
        assert normaliser({"duree": valeur}).offre == {}
        attendue = ({"duree": ans}, confiance)
        assert correction("duree_probablement_en_mois", duree=valeur) == attendue

    @pytest.mark.parametrize(
        ("fins", "attendue"),
        [
            (["2022-07-05"], ({"duree": "3"}, "moyenne")),
            (["2024-07-05"], ({"duree": "3", "annee": "1"}, "moyenne")),
            ([], ({"duree": "3"}, "faible")),
        ],
    )
    def test_an_annee_above_the_duree(self, fins: list[str], attendue: object) -> None:
        assert (
            correction("annee_superieure_a_la_duree", duree="1", annee="3", date_fin=fins)
            == attendue
        )

    @pytest.mark.parametrize(("duree", "annee"), [("2", "2"), ("2", "X"), ("X", "3"), ("3", "9")])
    def test_other_annees_are_no_conflict(self, duree: str, annee: str) -> None:
        codes = {fait["code"] for fait in constats(duree=duree, annee=annee)}

        assert "annee_superieure_a_la_duree" not in codes


class TestPlaces:
    def test_no_place_is_a_number(self) -> None:
        assert normaliser({"capacite": 0}).offre == {"capacite": "0"}
        assert normaliser({"capacite": ""}).offre == {}

    def test_the_only_number_of_a_sentence(self) -> None:
        assert correction("capacite_illisible", capacite="environ 15 places") == (
            {"capacite": "15"},
            "moyenne",
        )


class TestPosition:
    @pytest.mark.parametrize(
        ("brut", "lue"),
        [
            ({"lieu_formation_geo_coordonnees": " 43.5 ; 5.25 "}, "43.5,5.25"),
            ({"lieu_formation_geo_coordonnees": "43,5614 5,5248"}, "43,5614 5,5248"),
            ({"lieu_formation_geo_coordonnees": "43°33'41\"N"}, "43°33'41\"N"),
            ({"lieu_formation_geo_coordonnees": [43.5, 5.25]}, "43.5,5.25"),
            (
                {"coordonnees": {"type": "Point", "coordinates": [5.25, 43.5]}},
                "43.5,5.25",
            ),
            ({"latitude": "43,5", "longitude": 5.25}, "43,5;5.25"),
            ({"lat": 43.5, "lng": 5.25}, "43.5,5.25"),
            ({"coordonnees": "1,2", "lat": 43.5, "lon": 5.25}, "1,2"),
            ({"latitude": 43.5, "longitude": 5.2, "distance_commune_metres": 3}, None),
        ],
    )
    def test_a_text_is_kept_as_declared(self, brut: dict[str, Any], lue: str | None) -> None:
        assert normaliser(brut).offre.get("lieu_formation_geo_coordonnees") == lue

    @pytest.mark.parametrize("valeur", [43.5, [1], {"lat": 1}, "x" * 101])
    def test_what_is_no_short_text_is_said(self, valeur: object) -> None:
        assert constat("coordonnees_illisibles", lieu_formation_geo_coordonnees=valeur)


def test_bundled_actions_are_proposed_apart() -> None:
    fait = constat("actions_multiples", id_action="A|C##B")

    assert (fait["valeur"], fait["proposition"]) == ("3", "A ; B ; C")


CODES = st.sampled_from(["19840110100012", "198401101", "0840001A", "24", "2021-2022", "", None])
VALEURS = CODES | st.text(max_size=12) | st.integers(0, 10**14)
LISTES = st.lists(st.sampled_from(["2021-09-01", "2020-07-05", "2031-09-01"]), max_size=3)


@given(
    st.dictionaries(
        st.sampled_from(
            [GESTIONNAIRE, FORMATEUR, "uai_formation", "duree", "annee", "capacite", "periode"]
        ),
        VALEURS,
    ),
    st.dictionaries(st.sampled_from(["date_debut", "date_fin"]), LISTES),
)
def test_any_finding_is_one_of_the_contract_and_a_proposal_has_its_reason(
    champs: dict[str, Any], listes: dict[str, Any]
) -> None:
    for fait in constats(**champs, **listes):
        publie = ConstatPublie.model_validate(fait)
        assert publie.code in CATALOGUE
        propose = publie.proposition is not None
        assert propose is (publie.raison is not None) is (publie.confiance is not None)
        assert propose or publie.correction is None


def _cle(formateur: str) -> str:
    lue = cles.lire(offre(1)["cle_ministere_educatif"])
    assert lue is not None
    return lue._replace(siret_formateur=formateur).texte
