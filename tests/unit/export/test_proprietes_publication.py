"""Whatever befalls offers, in any order, killed anywhere: what publication promises holds."""

import csv
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, settings

from contracts.statuts import STATUTS, Plateforme, Statut
from services.export.domain.commandes import Commande
from tests.unit.export.saison.campagnes import Campagnes
from tests.unit.export.saison.listes import Listes
from tests.unit.export.saison.livraisons import Livraisons
from tests.unit.export.saison.plateforme import Echanges
from tests.unit.export.test_commandes import table


class Publication(Livraisons, Listes, Echanges, Campagnes):
    """Everything that may befall offers."""


Publication.TestCase.settings = settings(
    max_examples=60,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
TestPublication = Publication.TestCase

_EVENEMENTS: Final = {
    "demander_publication": Commande.PUBLIER,
    "refuser": Commande.REFUSER,
    "forcer_envoi": Commande.FORCER,
    "reinitialiser": Commande.REINITIALISER,
}


_AVEC_TEXTES: Final = {("affelnet", "prêt pour intégration"), ("affelnet", "publié")}


def _transitions() -> Iterator[dict[str, str]]:
    fichier = Path(os.environ.get("CATALOGUE_REFDATA", "")) / "metier" / "transitions.csv"
    if not fichier.is_file():
        pytest.skip("CATALOGUE_REFDATA does not hold the table of transitions")
    with fichier.open(encoding="utf-8", newline="") as lignes_:
        yield from csv.DictReader(lignes_)


def test_the_table_of_this_test_is_that_of_the_reference_files() -> None:
    dites = {
        (Plateforme(une["plateforme"]), _EVENEMENTS[une["evenement"]], Statut(une["depuis"]))
        for une in _transitions()
        if une["evenement"] in _EVENEMENTS
        # What would change nothing is refused, except where texts of Affelnet may come with it.
        and (une["vers"] != une["depuis"] or (une["plateforme"], une["depuis"]) in _AVEC_TEXTES)
    }
    possibles = {
        (plateforme, commande, depuis)
        for plateforme in Plateforme
        for commande in _EVENEMENTS.values()
        for depuis in STATUTS[plateforme]
        if table(plateforme, commande, depuis)
    }
    assert possibles ^ dites == set()
