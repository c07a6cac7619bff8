"""What a season makes of the shipped sample: both feeds get some hundreds of offers.

The domain functions of collect, enrich and export are run in their order; no service is.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from contracts import portees
from contracts.statuts import Plateforme, Statut
from deploy.exemple.generateur.tables import JOUR
from services.collect.domain.lignes import Ligne
from services.collect.domain.preparation import Preparation
from services.collect.domain.readers.row import Row
from services.enrich.adapters.fichiers import lire_dossier
from services.enrich.domain.calcul import Calcul, calculer
from services.enrich.domain.enrichissement import Enrichisseur
from services.enrich.domain.evenement import lire_evenement
from services.enrich.domain.references.construction import construire
from services.export.domain.campagne import Campagne, contexte
from services.export.domain.decisions import DecisionRefusee, publier
from services.export.domain.projections import Juge, planifier
from services.export.domain.regles import JeuDeRegles, lire_regle
from services.export.domain.regles_lecture import lire_fichier

EXEMPLE = Path(__file__).parents[3] / "deploy" / "exemple"
JOUR_METIER = date.fromisoformat(JOUR)
RENTREE = date(2020, 9, 15)
MAINTENANT = datetime(2020, 11, 16, 9, tzinfo=UTC)
DECIDABLES_MIN = 260


@dataclass(frozen=True)
class Saison:
    """What the services would hold after the deposit: states of enrich, documents of export."""

    calculs: list[Calcul]
    documents: list[dict[str, Any]]


@pytest.fixture(scope="module")
def saison() -> Saison:
    calculs = list(_enrichies())
    plan = planifier(map(_etat_publie, calculs), {}, _juge(), MAINTENANT)
    return Saison(calculs, plan.nouvelles)


@pytest.mark.parametrize("plateforme", Plateforme)
def test_some_hundreds_of_offers_can_be_published(saison: Saison, plateforme: Plateforme) -> None:
    """An instructor may ask for their publication: status and UAI of the place allow it."""
    decidables = [d for d in saison.documents if _decidable(d, plateforme)]

    assert len(decidables) >= DECIDABLES_MIN


@pytest.mark.parametrize("plateforme", Plateforme)
def test_every_status_that_a_rule_gives_is_met(saison: Saison, plateforme: Plateforme) -> None:
    jeu = _juge().jeu
    promis = {r.statut for r in jeu.regles if r.plateforme is plateforme}
    rencontres = {_statut(d, plateforme) for d in saison.documents}

    assert promis <= rencontres


def test_both_platforms_serve_every_academie_of_the_sample(saison: Saison) -> None:
    academies = {
        plateforme: {
            d["projection"]["num_academie"] for d in saison.documents if _decidable(d, plateforme)
        }
        for plateforme in Plateforme
    }

    assert min(map(len, academies.values())) >= 30


def test_most_lines_have_nothing_to_correct_and_some_do(saison: Saison) -> None:
    statuts = Counter(calcul.statut for calcul in saison.calculs)

    assert statuts["acceptee"] > 0.6 * len(saison.calculs)
    assert statuts["a_corriger"] > 0.05 * len(saison.calculs)


def _decidable(document: dict[str, Any], plateforme: Plateforme) -> bool:
    uai = document["projection"].get("uai_formation")
    try:
        publier(plateforme, _statut(document, plateforme), uai)
    except DecisionRefusee:
        return False
    return True


def _statut(document: dict[str, Any], plateforme: Plateforme) -> Statut:
    return Statut(document["publication"]["plateformes"][plateforme]["statut"])


def _enrichies() -> Iterator[Calcul]:
    references = construire(
        "exemple", {table.bilan.table: table.lignes for table in lire_dossier(EXEMPLE)}
    )
    enrichisseur = Enrichisseur(references, JOUR_METIER)
    for ligne in _lignes():
        evenement = lire_evenement(
            {
                "id": f"{ligne.rang:026d}",
                "sequence": 1,
                "operation": "depot",
                "deposant": "exemple",
                "offre": ligne.offre,
                "constats": ligne.constats,
            }
        )
        yield calculer(evenement, enrichisseur)


def _lignes() -> list[Ligne]:
    """Return the lines that collect keeps: the last of those that bear the same reference."""
    texte = (EXEMPLE / "offres" / "offres_exemple.ndjson").read_bytes()
    preparation = Preparation("exemple", frozenset({portees.TOUT}))
    lues = [
        preparation.preparer(Row(rang, rang, orjson.loads(ligne), None))
        for rang, ligne in enumerate(texte.splitlines(), start=1)
    ]
    gardees = {lue.offre["reference"]: lue for lue in lues if lue.offre is not None}
    return list(gardees.values())


def _etat_publie(calcul: Calcul) -> dict[str, Any]:
    return {
        "id": calcul.evenement.id,
        "sequence": 1,
        "empreinte": calcul.empreinte,
        "origine": None,
        **calcul.etat,
    }


def _juge() -> Juge:
    lecture = lire_fichier(orjson.loads((EXEMPLE / "regles" / "regles.json").read_bytes()))
    assert lecture.ecartees == []
    jeu = JeuDeRegles(lire_regle(regle, id=nom) for nom, regle in lecture.regles.items())
    campagne = Campagne(RENTREE)
    return Juge.de(jeu, {p: contexte(p, campagne, JOUR_METIER) for p in Plateforme})
