"""Declared, referenced and geocoded addresses of a place, side by side."""

from services.enrich.domain.enrichissement.adresses import adresses
from services.enrich.domain.enrichissement.geocodage import Adresse, Geocodage, Issue, Reponse
from tests.unit.enrich.fabrique import SIRET_CONNU, SIRET_INCONNU, offre, references

REFERENCES = references()
OFFRE = offre(
    lieu_formation_adresse="3 place Pie",
    code_commune_insee="84999",
    code_postal="84000",
    localite="Montfavet",
)
CLE = Adresse("3, PLACE PIE", None, "84007").cle
REPONSE = Reponse("84007", "84000", "Avignon", (43.95, 4.81), 0.8, "3 Place Pie 84000 Avignon")


def test_each_source_is_shown_with_its_day_and_the_declared_one_first() -> None:
    geocodages = {CLE: Geocodage(Issue.ACCEPTEE, REPONSE, "2026-01-15")}

    declaree, referencee, geocodee = adresses(OFFRE, REFERENCES, geocodages, "2020-11-16")

    assert (declaree.adresse, declaree.localite, declaree.le) == (
        "3 place Pie",
        "Montfavet",
        "2020-11-16",
    )
    assert (referencee.adresse, referencee.le) == ("1 RUE DE LA GARE", "2022-10-12")
    assert SIRET_CONNU in referencee.source
    assert (geocodee.position, geocodee.le, geocodee.refus) == ((43.95, 4.81), "2026-01-15", None)


def test_an_answer_that_was_refused_is_shown_with_its_reason() -> None:
    geocodages = {CLE: Geocodage(Issue.AUTRE_COMMUNE, REPONSE, "2026-01-15")}

    *_, geocodee = adresses(OFFRE, REFERENCES, geocodages)

    assert geocodee.refus == "La réponse est dans une autre commune que la commune déclarée."
    assert geocodee.adresse == "3 Place Pie 84000 Avignon"


def test_a_source_that_says_nothing_is_not_shown() -> None:
    inconnu = {**OFFRE, "etablissement_formateur_siret": SIRET_INCONNU}

    assert [une.origine for une in adresses(inconnu, REFERENCES, {})] == ["declaree"]


def test_the_place_s_own_siret_comes_before_the_formateur_s() -> None:
    autre = {**OFFRE, "etablissement_lieu_formation_siret": SIRET_CONNU}

    origines = [une.source for une in adresses(autre, REFERENCES, {})]

    assert origines == ["Dépôt", f"Liste des établissements, SIRET du lieu {SIRET_CONNU}"]
