"""Free text without accents, codes, places in a sorted list, what lists derive."""

import re
from typing import Any

import pytest

from contracts.statuts import Plateforme
from services.export.adapters.selection import filtrer
from services.export.domain.derivees import Reperes
from services.export.domain.place import PlaceInvalide, ecrire, lire
from services.export.domain.recherche import Recherche, Tri, code, souple
from services.export.domain.suivi import suivre


@pytest.mark.parametrize(
    ("mot", "texte"),
    [
        ("menuiserie", "BAC PRO MENUISERIE"),
        ("electricite", "Électricité"),
        ("ÉLECTRICITÉ", "electricite"),
        ("francais", "Français"),
        ("l'eau", "métiers de l’eau"),
        ("c++", "langage C++"),
    ],
)
def test_a_word_is_found_whatever_its_case_and_accents(mot: str, texte: str) -> None:
    assert re.search(souple(mot), texte)


def test_a_word_is_never_an_expression() -> None:
    assert not re.search(souple("a.*b"), "axxb")


def test_a_code_holds_a_digit() -> None:
    assert code("0840001x") == "0840001X"
    assert code("menuiserie") is None
    assert code("1a") is None


def test_a_place_is_good_for_its_order_alone() -> None:
    texte = ecrire(Tri.INTITULE, "Électricité", "A" * 26)
    assert lire(Tri.INTITULE, texte) == ("Électricité", "A" * 26)
    for autre, lu in ((Tri.CFD, texte), (Tri.INTITULE, texte[:-3]), (Tri.DEFAUT, "[]")):
        with pytest.raises(PlaceInvalide):
            lire(autre, lu)


@pytest.mark.parametrize(
    ("statut", "decision", "retour", "attendu"),
    [
        ("prêt pour intégration", {"nature": "publier", "numero": 1}, None, {"auto": False}),
        ("prêt pour intégration", None, {"decision": 0, "identifiant": "1"}, {"auto": True}),
        ("non publié", {"motif": "Lieu non immatriculable"}, None, {"tag": "SSA"}),
        (
            "rejet de publication",
            None,
            {"erreur": "400 Mise à jour Impossible : Établissement fermé"},
            {"rejet": "etablissement-ferme"},
        ),
        ("à publier", {"nature": "publier"}, None, {}),
    ],
)
def test_lists_know_what_no_fact_tells_as_it_is(
    statut: str,
    decision: dict[str, Any] | None,
    retour: dict[str, Any] | None,
    attendu: dict[str, Any],
) -> None:
    document = {
        "decisions": {"parcoursup": decision} if decision else {},
        "retours": {"parcoursup": retour} if retour else {},
    }
    suivi = suivre(document, {"parcoursup": {"statut": statut}})
    assert suivi == ({"parcoursup": attendu} if attendu else {})


def test_an_offer_nobody_spoke_of_has_nothing_to_follow() -> None:
    assert suivre({}, {"parcoursup": {"statut": "prêt pour intégration"}}) == {}


def test_an_identifier_is_looked_for_on_the_platforms_that_one_may_see() -> None:
    def cherche(*vues: Plateforme) -> str:
        recherche = Recherche(academies=None, plateformes_vues=vues, texte="AIX/12345")
        return str(filtrer(recherche, Reperes("", frozenset())))

    assert "retours.affelnet.identifiant" in cherche(Plateforme.AFFELNET)
    assert "retours.affelnet.identifiant" not in cherche(Plateforme.PARCOURSUP)
