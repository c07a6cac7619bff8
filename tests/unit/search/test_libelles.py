"""What readers are told, in French."""

import pytest

from contracts.formation import Formation
from contracts.statuts import Statut
from services.search.domain.libelles import avertissements, facette, mois, plateformes, statut_dit


@pytest.mark.parametrize("statut", list(Statut))
def test_every_status_is_said_in_plain_french(statut: Statut) -> None:
    assert statut_dit(statut) != statut_dit(None)


def test_an_offer_that_export_is_silent_about_is_said_non_publiable() -> None:
    assert {ligne["statut"] for ligne in plateformes(None)} == {"non publiable en l'état"}


@pytest.mark.parametrize(
    ("nom", "code", "dit"),
    [
        ("duree", "1", "1 an"),
        ("duree", "3", "3 ans"),
        ("annee", "1", "1re année"),
        ("annee", "2", "2e année"),
        ("annee", "X", "Non collectée"),
        ("a_distance", "true", "Entièrement à distance"),
        ("entree", "2021-09", "septembre 2021"),
        ("region", "Bretagne", "Bretagne"),
    ],
)
def test_facet_values_are_labelled(nom: str, code: str, dit: str) -> None:
    assert facette(nom, {"valeur": code, "libelle": code}) == dit


def test_an_unreadable_month_is_shown_as_it_is() -> None:
    assert mois("2021-99") == "2021-99"


def test_warnings_follow_the_facts() -> None:
    formation = Formation(cfd_outdated=True, distance_commune_metres=40_000).model_dump()
    assert len(avertissements(formation)) == 3
    assert avertissements(Formation(date_debut=["2021-09-01"]).model_dump()) == []
