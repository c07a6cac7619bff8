"""A plan: its acts in the order of their instants; what makes no sense is refused."""

from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from services.repetition.actes import actes
from services.repetition.plan import ImportVoulu, Plan, Simulation

JOUR = date(2020, 11, 16)


def test_acts_are_played_in_the_order_of_the_calendar() -> None:
    plan = Plan(
        jour=JOUR,
        jours=2,
        regles=Path("regles.json"),
        imports=(ImportVoulu(fichier=Path("affelnet.csv"), jour=date(2021, 5, 12)),),
        nuit=date(2021, 2, 13),
        septembre=True,
        suivante=date(2021, 10, 15),
        simulation=Simulation(gestes=0.1),
    )

    joues = actes(plan)

    assert [un.nom for un in joues] == [
        "préparation",
        "règles",
        "démarrage de la campagne",
        "décisions des académies",
        "envois du jour 1",
        "relecture du jour 1",
        "envois du jour 2",
        "relecture du jour 2",
        "derniers envois et relectures",
        "gestes sur Parcoursup",
        "mauvaise nuit",
        "lendemain",
        "import Affelnet 1",
        "1er septembre",
        "campagne suivante",
    ]
    assert joues[-2].instant.date() == date(2021, 9, 1)


def test_without_a_start_the_campaign_in_force_goes_on() -> None:
    joues = actes(Plan(jour=JOUR, demarrage=False, jours=1))

    assert "démarrage de la campagne" not in [un.nom for un in joues]


@pytest.mark.parametrize(
    "faute",
    [
        {"nuit": date(2020, 11, 15)},
        {"suivante": date(2020, 12, 1)},
        {"imports": (ImportVoulu(fichier=Path("a.csv"), jour=date(2020, 1, 1)),)},
        {"jours": 0},
        {"inconnue": 1},
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(faute: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Plan.model_validate({"jour": JOUR, **faute})
