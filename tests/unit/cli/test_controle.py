"""Dual control, deliveries in a row, and the records of the old catalogue."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from services.cli.__main__ import app
from services.cli.controle.comparaison import controler, differences
from services.cli.controle.historiques import (
    a_change,
    dernier_changement,
    difference,
    publiee_depuis,
)
from services.cli.controle.lecture import lire
from services.cli.controle.livraisons import LivraisonVide, Magasin, livrer


def document(cle: str, **champs: object) -> dict[str, Any]:
    return {"cle_ministere_educatif": cle, **champs}


def livres(magasin: Magasin, *documents: dict[str, Any]) -> Magasin:
    return livrer(magasin, documents)[0]


class TestControle:
    def test_published_documents_of_the_right_are_compared_with_the_left(self) -> None:
        gauche = [document(n, cfd=n, rncp_code=n) for n in "1234"]
        droite = [
            document("1", cfd="1", rncp_code="111"),
            document("2", cfd="222", rncp_code="222"),
            document("5", cfd="5", rncp_code="5"),
            document("4", cfd="autre", published=False),
        ]

        controle = controler(gauche, droite)

        assert (controle.total_gauche, controle.total_droite) == (4, 3)
        assert controle.introuvables == ["5"]
        assert controle.champs == {"rncp_code": 2, "cfd": 1}
        assert controle.exemples["cfd"] == [("2", "2", "222")]

    @pytest.mark.parametrize(
        ("gauche", "droite"),
        [
            ({"a": "Été"}, {"a": "ÉTÉ"}),
            ({"a": ["x", "y"]}, {"a": ["Y", "x"]}),
            ({"a": [{"b": ["2", "1"]}, {"b": None}]}, {"a": [{"b": None}, {"b": ["1", "2"]}]}),
            ({"a": None}, {}),
        ],
    )
    def test_case_and_the_order_of_lists_do_not_count(
        self, gauche: dict[str, Any], droite: dict[str, Any]
    ) -> None:
        assert differences(gauche, droite) == {}


class TestLivraisons:
    def test_what_is_new_changed_and_gone(self) -> None:
        magasin = livres({}, document("1", periode=["2021-09"]), document("2"))

        magasin, bilan = livrer(magasin, [document("1", periode=["2021-10"]), document("3")])

        assert (bilan.ajoutees, bilan.modifiees, bilan.supprimees) == (
            ["3"],
            {"1": ["periode"]},
            ["2"],
        )
        assert magasin["2"]["published"] is False

    def test_a_key_that_comes_back_is_published_again(self) -> None:
        magasin = livres(livres({}, document("1"), document("2")), document("1"))

        magasin, bilan = livrer(magasin, [document("1"), document("2")])

        assert (bilan.ajoutees, bilan.modifiees) == ([], {"2": ["published"]})
        assert magasin["2"]["published"] is True

    def test_absent_two_nights_is_gone_once(self) -> None:
        magasin = livres(livres({}, document("1"), document("2")), document("1"))

        assert livrer(magasin, [document("1")])[1].supprimees == []

    @pytest.mark.parametrize("livraison", [[], [document("1", published=False)]])
    def test_an_empty_delivery_is_not_taken(self, livraison: list[dict[str, Any]]) -> None:
        with pytest.raises(LivraisonVide):
            livrer({}, livraison)


class TestLecture:
    def test_texts_become_values(self) -> None:
        lu = lire(
            {
                "cfd_outdated": 0,
                "cfd_date_fermeture": "2022-09-30T22:00:00.000Z",
                "periode": "2022-09##2022-10|2023-01",
                "niveau": "3",
                "capacite": "15",
                "distance": "987",
                "date_debut": ["2023-09-17T22:00:00.000Z"],
            }
        )

        assert lu == {
            "cfd_outdated": False,
            "cfd_date_fermeture": "2022-10-01",
            "periode": ["2022-09", "2022-10", "2023-01"],
            "niveau": "3 (CAP...)",
            "capacite": "15",
            "distance": 987,
            "date_debut": ["2023-09-18"],
        }

    def test_what_says_nothing_is_null(self) -> None:
        brut = {"cfd_date_fermeture": None, "capacite": "", "distance": "NAN"}

        assert lire(brut) == dict.fromkeys(brut)

    def test_names_are_ours(self) -> None:
        assert lire({"intitule_formation": "CAP", "rco_cfd": "1"}) == {"intitule_rco": "CAP"}

    def test_histories_give_the_days_that_count(self) -> None:
        historique = [
            {"affelnet_statut": "publié", "date": "2022-02-01"},
            {"affelnet_statut": "publié", "date": "2022-02-02"},
        ]
        lu = lire({"affelnet_statut": "publié", "affelnet_statut_history": historique})

        assert lu["affelnet_published_date"] == "2022-02-01"
        assert lu["affelnet_last_change"] == "2022-02-01"
        assert lu["affelnet_statut_history"] == [{"statut": "publié", "date": "2022-02-01"}]


def entrees(*statuts: str) -> list[dict[str, Any]]:
    return [{"statut": statut, "date": jour} for jour, statut in enumerate(statuts, 1)]


class TestHistoriques:
    @pytest.mark.parametrize(
        ("statut", "historique", "jour"),
        [
            ("à publier", entrees("publié", "à publier"), None),
            ("publié", entrees("à publier", "publié"), 2),
            ("publié", entrees("publié", "à publier", "publié", "publié"), 3),
            ("publié", [], None),
        ],
    )
    def test_published_since(
        self, statut: str, historique: list[dict[str, Any]], jour: int | None
    ) -> None:
        assert publiee_depuis(statut, historique) == jour

    def test_the_last_change_is_the_start_of_the_present_run(self) -> None:
        assert dernier_changement(entrees("a", "b", "b")) == 2
        assert dernier_changement([]) is None

    def test_a_first_status_is_a_change(self) -> None:
        assert a_change("a", [])
        assert not a_change("a", ["b", "a"])

    def test_only_the_changed_leaves_remain(self) -> None:
        avant = {"a": {"b": 1, "c": [1]}, "d": 2, "e": 3}
        apres = {"a": {"b": 1, "c": [2]}, "d": 2, "f": 4}

        assert difference(avant, apres) == {"a": {"c": [2]}, "e": None, "f": 4}

    @given(st.recursive(st.integers(), lambda d: st.dictionaries(st.sampled_from("abc"), d)))
    def test_equal_documents_have_no_difference(self, valeur: object) -> None:
        assert difference({"x": valeur}, {"x": valeur}) is None


def test_the_command_says_where_two_catalogues_differ(tmp_path: Path) -> None:
    gauche, droite = tmp_path / "gauche.json", tmp_path / "droite.jsonl"
    gauche.write_bytes(orjson.dumps([document("1", cfd="A")]))
    droite.write_bytes(orjson.dumps(document("1", cfd="B")))

    resultat = CliRunner().invoke(app, ["comparer", str(gauche), str(droite)])

    assert resultat.exit_code == 1
    assert "cfd" in resultat.stdout
    assert CliRunner().invoke(app, ["comparer", str(gauche), str(gauche)]).exit_code == 0


def test_the_command_says_what_each_delivery_changes(tmp_path: Path) -> None:
    nuits = [tmp_path / "1.json", tmp_path / "2.json"]
    nuits[0].write_bytes(orjson.dumps([document("1"), document("2")]))
    nuits[1].write_bytes(orjson.dumps([document("1", cfd="B"), document("3")]))

    resultat = CliRunner().invoke(app, ["livraisons", *map(str, nuits)])

    assert "1 ajoutée(s), 1 modifiée(s), 1 absente(s)" in resultat.stdout
