"""Answers of an address service, judged; and what an accepted one gives to a place."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.enrich.domain.enrichissement import Enrichisseur
from services.enrich.domain.enrichissement.geocodage import (
    Adresse,
    Geocodage,
    Issue,
    Panne,
    Reponse,
    adresse_de,
    juger,
    prochain_essai,
    resoudre,
)
from tests.unit.enrich.fabrique import JOUR, codes, offre, references

REFERENCES = references(
    communes=[
        ["06088", "Nice", "06", ["06000", "06100"], 43.7102, 7.262],
        ["06029", "Cannes", "06", ["06150", "06400"], 43.5513, 7.0128],
        ["84007", "Avignon", "84", ["84000"], 43.9493, 4.8055],
        ["2A004", "Ajaccio", "2A", ["20000", "20090"], 41.9256, 8.7364],
        ["75056", "Paris", "75", ["75001"], 48.8566, 2.3522],
        ["75101", "Paris 1er Arrondissement", "75", ["75001"], 48.8626, 2.3364],
    ]
)
NICE = Adresse("12 rue de la Gare", "06000", "06088", "Nice")
REPONSE = Reponse("06088", "06000", "Nice", (43.7, 7.27), 0.9, "12 Rue de la Gare 06000 Nice")
NOW = datetime(2026, 1, 15, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("reponse", "issue"),
    [
        (REPONSE, Issue.ACCEPTEE),
        (None, Issue.INTROUVABLE),
        (replace(REPONSE, score=0.39), Issue.SCORE_FAIBLE),
        (replace(REPONSE, score=None), Issue.ACCEPTEE),
        (replace(REPONSE, code_commune_insee="06029", code_postal="06400"), Issue.AUTRE_COMMUNE),
        (
            replace(REPONSE, code_commune_insee="84007", code_postal="84000"),
            Issue.AUTRE_DEPARTEMENT,
        ),
        (replace(REPONSE, code_commune_insee="99123", code_postal=None), Issue.AUTRE_COMMUNE),
        (replace(REPONSE, position=(48.85, 2.35)), Issue.ELOIGNEE),
        (replace(REPONSE, position=None), Issue.ACCEPTEE),
    ],
)
def test_an_answer_elsewhere_or_unsure_is_refused(reponse: Reponse | None, issue: Issue) -> None:
    assert juger(NICE, reponse, REFERENCES, 0.4) is issue


@pytest.mark.parametrize(
    ("declaree", "trouvee"),
    [("84999", "84007"), ("75056", "75101"), ("20004", "2A004"), (None, "2A004")],
)
def test_the_same_commune_under_another_code_is_accepted(
    declaree: str | None, trouvee: str
) -> None:
    reponse = Reponse(code_commune_insee=trouvee, score=0.9)

    assert juger(Adresse("rue", None, declaree), reponse, REFERENCES) is Issue.ACCEPTEE


@pytest.mark.parametrize(
    ("coordonnees", "reponse", "issue"),
    [
        ("48.85053461447283, 2.3083430674498158", Reponse("31069"), Issue.AUTRE_COMMUNE),
        ("43.7, 7.27", REPONSE, Issue.ACCEPTEE),
        ("43.7, 7.27", None, Issue.INTROUVABLE),
        ("43.7, 7.27", Panne("délai dépassé"), Issue.PANNE),
        ("ici", REPONSE, Issue.MAL_FORMEE),
        (" ", REPONSE, Issue.SANS_OBJET),
    ],
)
def test_the_historic_step(coordonnees: str, reponse: Reponse | Panne | None, issue: Issue) -> None:
    assert resoudre(coordonnees, NICE, reponse, REFERENCES) is issue


def test_failures_are_asked_again_later_and_later_apart_and_as_the_service_allows() -> None:
    attentes = [prochain_essai(n, NOW, None, 1.0) - NOW for n in range(20)]

    assert attentes[0] == timedelta(seconds=30)
    assert attentes == sorted(attentes)
    assert attentes[-1] == timedelta(hours=6)
    assert prochain_essai(0, NOW, 120, 0.0) == NOW + timedelta(seconds=135)
    assert prochain_essai(3, NOW, None, 0.2) < prochain_essai(3, NOW, None, 0.8)


@pytest.mark.parametrize(
    ("a", "b", "meme"),
    [
        ("12, rue de la Gare", "12 RUE DE LA GARE", True),
        ("Place de l'Église", "PLACE DE L EGLISE", True),
        ("12 rue de la Gare", "14 rue de la Gare", False),
    ],
)
def test_an_address_has_one_key_however_it_is_typed(a: str, b: str, meme: bool) -> None:
    assert (replace(NICE, adresse=a).cle == replace(NICE, adresse=b).cle) is meme


@pytest.mark.parametrize("adresse", [None, "", "-", " . "])
def test_what_is_no_address_is_not_looked_for(adresse: str | None) -> None:
    assert adresse_de({"lieu_formation_adresse": adresse, "code_commune_insee": "06088"}) is None


def _enrichir(issue: Issue, reponse: Reponse | None, **champs: str | None) -> tuple[object, ...]:
    geocodages = {NICE.cle: Geocodage(issue, reponse, "2026-01-15")}
    une = offre(
        lieu_formation_adresse="12, rue de la Gare",
        **{"lieu_formation_geo_coordonnees": None, **champs},
    )
    formation, constats = Enrichisseur(REFERENCES, JOUR, geocodages).enrichir(une)
    position = formation["latitude"], formation["longitude"]
    return position, [code for code in codes(constats) if code.startswith(("geo", "coord"))]


def test_an_accepted_answer_gives_its_position_to_a_place_that_has_none() -> None:
    assert _enrichir(Issue.ACCEPTEE, REPONSE) == (
        (43.7, 7.27),
        ["coordonnees_absentes", "geocodage_propose"],
    )


def test_a_declared_position_wins_over_the_service() -> None:
    assert _enrichir(Issue.ACCEPTEE, REPONSE, lieu_formation_geo_coordonnees="43.71,7.26") == (
        (43.71, 7.26),
        [],
    )


@pytest.mark.parametrize("issue", [Issue.AUTRE_COMMUNE, Issue.SCORE_FAIBLE, Issue.INTROUVABLE])
def test_a_refused_answer_is_said_and_the_commune_shown(issue: Issue) -> None:
    assert _enrichir(issue, None) == (
        (43.7102, 7.262),
        ["coordonnees_absentes", "geocodage_refuse"],
    )


def test_without_an_answer_corsica_is_shown_at_its_commune() -> None:
    formation, _ = Enrichisseur(REFERENCES, JOUR).enrichir(
        offre(
            code_commune_insee="2A004",
            code_postal="20000",
            lieu_formation_geo_coordonnees=None,
            lieu_formation_adresse="Cours Napoléon",
        )
    )

    assert juger(Adresse("Cours Napoléon", "20000", "2A004"), None, REFERENCES) is Issue.INTROUVABLE
    assert (formation["latitude"], formation["longitude"]) == (41.9256, 8.7364)
