"""What a depositor is told of his lines: findings, and the stages that they passed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, Final

from contracts.evenements import Etape
from services.enrich.domain.application import Plan
from services.enrich.domain.calcul import Calcul
from services.kernel.batches import slices

LIGNES_PAR_EVENEMENT: Final = 250
"""Keeps an event of findings well under a broker's limit, even when every line has many."""

TOUTES: Final = (Etape.ENRICHIE, Etape.INDEXEE, Etape.EVALUEE)


@dataclass(slots=True)
class _Depot:
    lignes: list[dict[str, Any]] = field(default_factory=list)
    essais: list[dict[str, Any]] = field(default_factory=list)
    rangs: dict[Etape, list[int]] = field(default_factory=lambda: {etape: [] for etape in TOUTES})


@dataclass(slots=True)
class Suivi:
    """Data of the events of `constats` and `avancement`, each with its deposit."""

    constats: list[tuple[str, dict[str, Any]]]
    avancement: list[tuple[str, dict[str, Any]]]


def suivre(plan: Plan) -> Suivi:
    """Return what to report of a batch.

    Every line is answered. Those that lead to a new state are indexed and evaluated by others; the
    unchanged and the dry runs go no further, so enrich closes their later stages itself. Those not
    newer were closed by what overtook them.
    """
    depots: dict[str, _Depot] = {}
    for changement in plan.changements:
        _noter(depots, changement.calcul, (Etape.ENRICHIE,))
    for calcul in plan.depasses:
        _noter(depots, calcul, (Etape.ENRICHIE,))
    for calcul, _ in plan.inchanges:
        _noter(depots, calcul, TOUTES)
    for calcul in plan.essais:
        _noter(depots, calcul, TOUTES)
    return Suivi(
        [(nom, donnees) for nom, depot in depots.items() for donnees in _constats(nom, depot)],
        [(nom, donnees) for nom, depot in depots.items() for donnees in _avancement(nom, depot)],
    )


def plages(rangs: Iterable[int]) -> list[list[int]]:
    """Return the closed ranges that cover these ranks and no other, ascending."""
    resultat: list[list[int]] = []
    for rang in sorted(set(rangs)):
        if resultat and resultat[-1][1] == rang - 1:
            resultat[-1][1] = rang
        else:
            resultat.append([rang, rang])
    return resultat


def _noter(depots: dict[str, _Depot], calcul: Calcul, etapes: Sequence[Etape]) -> None:
    evenement = calcul.evenement
    if evenement.depot is None or evenement.ligne is None:
        return
    depot = depots.get(evenement.depot) or depots.setdefault(evenement.depot, _Depot())
    for etape in etapes:
        depot.rangs[etape].append(evenement.ligne)
    ligne = {
        "ligne": evenement.ligne,
        "offre": evenement.id,
        "sequence": evenement.sequence,
        "statut": calcul.statut,
        "constats": calcul.constats,
    }
    if calcul.completes:
        ligne["completes"] = calcul.completes
    (depot.essais if evenement.essai else depot.lignes).append(ligne)


def _constats(nom: str, depot: _Depot) -> Iterable[dict[str, Any]]:
    for essai, tas in ((False, depot.lignes), (True, depot.essais)):
        lignes = sorted(tas, key=itemgetter("ligne"))
        for lot in slices(lignes, LIGNES_PAR_EVENEMENT):
            yield {"depot": nom, "essai": essai, "lignes": lot}


def _avancement(nom: str, depot: _Depot) -> Iterable[dict[str, Any]]:
    for etape, rangs in depot.rangs.items():
        if rangs:
            yield {"depot": nom, "etape": etape.value, "lignes": plages(rangs)}
