"""The totals and the progress of a deposit, as unions of what its chunks say (decision 7)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

from contracts.evenements import Etape, StatutLigne
from services.collect.domain.constat import Constat
from services.collect.domain.lignes import LigneJugee
from services.collect.domain.rangs import AUCUN, Rangs, contient, depuis_plages


@dataclass(slots=True)
class Rapport:
    """What is known of each line of a deposit, by sets of ranks.

    `statuts` are those fixed at deposit, `ecrasees` the lines that a later line replaced,
    `reponses` those that enrich answered with, `etapes` the lines that passed each stage.
    """

    statuts: dict[str, Rangs] = field(default_factory=dict)
    ecrasees: Rangs = AUCUN
    reponses: dict[str, Rangs] = field(default_factory=dict)
    etapes: dict[str, Rangs] = field(default_factory=dict)

    @property
    def suivies(self) -> Rangs:
        """Return the lines that go through the stages: stored ones, each the last for its offer."""
        stockees = self._depot(StatutLigne.ACCEPTEE) | self._depot(StatutLigne.A_CORRIGER)
        return stockees & ~self.ecrasees

    def statut(self, statut: str) -> Rangs:
        """Return the lines that have a status now. The five sets are a partition of all lines."""
        if statut == StatutLigne.IGNOREE:
            return self._depot(statut) | self.ecrasees
        if statut == StatutLigne.IDENTIQUE:
            return self._depot(statut) & ~self.ecrasees
        refusees = self.suivies & self.reponses.get(StatutLigne.REFUSEE, AUCUN)
        if statut == StatutLigne.REFUSEE:
            return self._depot(statut) | refusees
        a_corriger = self._depot(StatutLigne.A_CORRIGER) | self.reponses.get(
            StatutLigne.A_CORRIGER, AUCUN
        )
        a_corriger &= self.suivies & ~refusees
        if statut == StatutLigne.A_CORRIGER:
            return a_corriger
        return self.suivies & ~refusees & ~a_corriger

    def presents(self) -> dict[StatutLigne, Rangs]:
        """Return the lines of each status, as it is now."""
        return {statut: self.statut(statut) for statut in StatutLigne}

    def totaux(self) -> dict[str, int]:
        """Return the number of lines received, and of each status; they add up at any moment."""
        par_statut = {statut.value: rangs.bit_count() for statut, rangs in self.presents().items()}
        return {"recues": sum(par_statut.values()), **par_statut}

    def faites(self, etape: str) -> int:
        """Return how many of the lines that go through the stages have passed one.

        A line is enriched once its answer has come too: when all is done, the report is final.
        """
        passees = self.suivies & self.etapes.get(etape, AUCUN)
        if etape == Etape.ENRICHIE:
            passees &= self._repondues
        return passees.bit_count()

    def complet(self) -> bool:
        """Tell whether every line that goes through the stages has passed all."""
        attendues = self.suivies.bit_count()
        return all(self.faites(etape) == attendues for etape in Etape)

    @property
    def _repondues(self) -> Rangs:
        return reduce(or_, self.reponses.values(), AUCUN)

    def _depot(self, statut: str) -> Rangs:
        return self.statuts.get(statut, AUCUN)


def rassembler(
    lots: Iterable[Mapping[str, Any]],
    reponses: Iterable[Mapping[str, Any]],
    etapes: Iterable[Mapping[str, Any]],
) -> Rapport:
    """Return the report that stored chunks make together, in any order and any number of times.

    As `en_ensembles` makes them: a batch has `statuts` (sets by status) and `ecrasees` (pairs of
    ranks); an answer has `statuts`; a progress has `etape` and `plages` (a set).
    """
    rapport = Rapport()
    for lot in lots:
        _ajouter(rapport.statuts, lot["statuts"])
        rapport.ecrasees |= depuis_plages((rang, rang) for rang, _ in lot["ecrasees"])
    for reponse in reponses:
        _ajouter(rapport.reponses, reponse["statuts"])
    for etape in etapes:
        _ajouter(rapport.etapes, {etape["etape"]: etape["plages"]})
    return rapport


def en_ensembles(morceau: Mapping[str, Any]) -> dict[str, Any]:
    """Return a stored chunk with its ranges as sets.

    Done once for each chunk: a status that changes from line to line makes a range of each, and
    joining all of them again at every look cost a third of a whole deposit.
    """
    ensembles = dict(morceau)
    if "statuts" in ensembles:
        statuts = ensembles["statuts"].items()
        ensembles["statuts"] = {statut: depuis_plages(plages) for statut, plages in statuts}
    if "plages" in ensembles:
        ensembles["plages"] = depuis_plages(ensembles["plages"])
    return ensembles


def _ajouter(ensembles: dict[str, Rangs], rangs: Mapping[str, Rangs]) -> None:
    for nom, siens in rangs.items():
        ensembles[nom] = ensembles.get(nom, AUCUN) | siens


def completer(ligne: LigneJugee, reponse: tuple[str | None, Sequence[Constat]]) -> None:
    """Add to a stored line the findings that came after it, those it has already excepted.

    One that the line has, told again with a proposal, takes its place. They count only for the
    offer that the line is, or for whatever it is when none is named.
    """
    offre, constats = reponse
    if offre not in (None, ligne.offre):
        return
    deja = {(c["code"], c.get("champ")): rang for rang, c in enumerate(ligne.constats)}
    for constat in constats:
        rang = deja.get((constat["code"], constat.get("champ")))
        if rang is None:
            ligne.constats.append(constat)
        elif "proposition" in constat and "proposition" not in ligne.constats[rang]:
            ligne.constats[rang] = constat


def situer(ligne: LigneJugee, presents: Mapping[StatutLigne, Rangs]) -> None:
    """Bring a stored line to the status that it has now."""
    for statut, rangs in presents.items():
        if contient(rangs, ligne.rang):
            ligne.statut = statut
