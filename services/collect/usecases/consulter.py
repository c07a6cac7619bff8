"""Show a deposit: its totals and progress, and its lines with what was found on each."""

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

from contracts.constats import gravite
from contracts.depot import EtatDepot
from contracts.evenements import Etape, StatutLigne
from services.collect.domain.constat import Constat
from services.collect.domain.constats_d_identite import livree_deux_fois
from services.collect.domain.depot import Depot
from services.collect.domain.lignes import LigneJugee
from services.collect.domain.rapport import Rapport, completer, rassembler, situer
from services.collect.ports import Depots, Resume


@dataclass(frozen=True, slots=True)
class Bilan:
    """A deposit as it is now. `debits` are lines per second since its reception, by stage.

    `comptes` says how often each finding was made, `exemples` gives the first of each.
    """

    depot: Depot
    totaux: dict[str, int]
    faites: dict[str, int]
    debits: dict[str, float]
    comptes: Mapping[str, int]
    exemples: Mapping[str, Constat]

    def garde(self) -> dict[str, Any]:
        """Return what is kept of a deposit that will not change."""
        return {
            "totaux": self.totaux,
            "faites": self.faites,
            "debits": self.debits,
            "comptes": self.comptes,
            "exemples": self.exemples,
        }


@dataclass(frozen=True, slots=True)
class Filtre:
    """Which lines are asked for; None does not filter."""

    statut: StatutLigne | None = None
    gravite: str | None = None
    code: str | None = None

    def retient(self, ligne: LigneJugee) -> bool:
        """Tell whether a line is asked for."""
        if self.statut is not None and ligne.statut is not self.statut:
            return False
        codes = [constat["code"] for constat in ligne.constats]
        if self.code is not None and self.code not in codes:
            return False
        return self.gravite is None or any(gravite(code) == self.gravite for code in codes)


async def bilan(depot: Depot, depots: Depots) -> Bilan:
    """Return what became of the lines of a deposit, and how far they have come.

    A line that has nothing to do at a stage (refused at deposit, identical, ignored) counts as done
    there, so that every stage of a finished deposit reaches the number of lines received. Once all
    is done it is kept, and read in one look.
    """
    garde = await depots.bilan(depot.id)
    if garde is not None:
        return Bilan(depot, **garde)
    resume = await depots.resume(depot.id)
    rapport = _rapport(resume)
    totaux = rapport.totaux()
    sans_suite = totaux["recues"] - rapport.suivies.bit_count()
    faites = {"deposee": totaux["recues"]} | {
        etape.value: sans_suite + rapport.faites(etape) for etape in Etape
    }
    comptes, exemples = _comptes(resume)
    fait = Bilan(depot, totaux, faites, _debits(depot, faites, resume), comptes, exemples)
    if depot.etat is EtatDepot.RECU and rapport.complet():
        await depots.garder_bilan(depot.id, fait.garde())
    return fait


async def lignes(
    depot: str, filtre: Filtre, apres: int, depots: Depots
) -> AsyncIterator[LigneJugee]:
    """Yield the lines of a deposit after a rank, as they are known now, that a filter retains."""
    resume = await depots.resume(depot)
    presents = _rapport(resume).presents()
    ecrasees = {rang: par for lot in resume.lots for rang, par in lot["ecrasees"]}
    async for lot in depots.lots(depot, apres):
        reponses = await depots.reponses(depot, lot[0].rang, lot[-1].rang)
        for ligne in lot:
            for reponse in reponses.get(ligne.rang, ()):
                completer(ligne, reponse)
            if ligne.rang in ecrasees:
                ligne.constats.append(livree_deux_fois(ligne.rang, ecrasees[ligne.rang]))
            situer(ligne, presents)
            if filtre.retient(ligne):
                yield ligne


def _rapport(resume: Resume) -> Rapport:
    return rassembler(resume.lots, resume.reponses, resume.passages)


def _comptes(resume: Resume) -> tuple[Mapping[str, int], Mapping[str, Constat]]:
    comptes = Counter[str]()
    exemples: dict[str, Constat] = {}
    for morceau in (*resume.lots, *resume.reponses):
        comptes.update(morceau["comptes"])
        exemples = morceau["exemples"] | exemples
    for lot in resume.lots:
        for rang, par in lot["ecrasees"]:
            comptes["livree_deux_fois"] += 1
            exemples.setdefault("livree_deux_fois", livree_deux_fois(rang, par))
    return comptes, exemples


def _debits(depot: Depot, faites: dict[str, int], resume: Resume) -> dict[str, float]:
    """Return the mean rate of each stage, from the reception's start to its last sign."""
    derniers = {"deposee": depot.vu_le}
    for passage in resume.passages:
        etape = passage["etape"]
        derniers[etape] = max(derniers.get(etape, passage["le"]), passage["le"])
    return {
        etape: round(faites[etape] / duree, 1)
        for etape, dernier in derniers.items()
        if (duree := (dernier - depot.recu_le).total_seconds()) > 0
    }
