"""From a plan to the acts that it stands for, each at its instant."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Final

from services.kernel.french import PARIS
from services.repetition import affelnet, campagne, decisions, parcoursup
from services.repetition.marche import Acte
from services.repetition.plan import Plan

_RELECTURE: Final = time(5, 30)
_JOURNEE: Final = time(8)
_DECISIONS: Final = time(9)
_ENVOI: Final = time(10)
_UN_JOUR: Final = timedelta(days=1)


def actes(plan: Plan) -> list[Acte]:
    """Return what is played, in the order of its instants."""
    return sorted([*_rentree(plan), *_parcoursup(plan), *_suite(plan)], key=lambda un: un.instant)


def _rentree(plan: Plan) -> Iterator[Acte]:
    jour = plan.jour
    yield Acte("préparation", _a(jour, time(6)), campagne.preparer)
    if plan.regles is not None or plan.regles_en_plus is not None:
        yield Acte("règles", _a(jour, time(7)), campagne.changer_les_regles)
    if plan.demarrage:
        debut = partial(campagne.demarrer, debut=jour)
        yield Acte("démarrage de la campagne", _a(jour, _JOURNEE), debut)
    yield Acte("décisions des académies", _a(jour, _DECISIONS), decisions.prendre)


def _parcoursup(plan: Plan) -> Iterator[Acte]:
    jour = plan.jour
    for rang in range(1, plan.jours + 1):
        yield Acte(f"envois du jour {rang}", _a(jour, _ENVOI), parcoursup.envoyer)
        jour += _UN_JOUR
        yield Acte(f"relecture du jour {rang}", _a(jour, _RELECTURE), parcoursup.relire)
    yield Acte("derniers envois et relectures", _a(jour, _ENVOI), parcoursup.solder)
    if plan.simulation.gestes:
        jour += timedelta(days=10)
        yield Acte("gestes sur Parcoursup", _a(jour, _RELECTURE), parcoursup.gestes)


def _suite(plan: Plan) -> Iterator[Acte]:
    for rang, voulu in enumerate(plan.imports, 1):
        jouer = partial(affelnet.importer, voulu=voulu)
        yield Acte(f"import Affelnet {rang}", _a(voulu.jour, _JOURNEE), jouer)
    if plan.nuit is not None:
        yield Acte("mauvaise nuit", _a(plan.nuit, time(2)), campagne.mauvaise_nuit)
        yield Acte("lendemain", _a(plan.nuit + _UN_JOUR, time(2)), campagne.lendemain)
    if plan.septembre:
        yield Acte("1er septembre", _a(_septembre(plan.jour), _JOURNEE), campagne.premier_septembre)
    if plan.suivante is not None:
        debut = partial(campagne.demarrer, debut=plan.suivante)
        yield Acte("campagne suivante", _a(plan.suivante, _JOURNEE), debut)


def _septembre(jour: date) -> date:
    """Return the first 1 September after a day."""
    celui_ci = date(jour.year, 9, 1)
    return celui_ci if celui_ci > jour else celui_ci.replace(year=jour.year + 1)


def _a(jour: date, heure: time) -> datetime:
    return datetime.combine(jour, heure, PARIS)
