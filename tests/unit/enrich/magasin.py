# ruff: noqa: ARG002 - a fake takes what its port gives
"""A store of formations in memory, with the promises of `ports.Formations`."""

import copy
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from services.enrich.domain.application import Changement, Plan, Reprise, Tete
from services.enrich.domain.causes import Cause
from services.enrich.domain.evenement import Evenement
from services.enrich.domain.historique import Ecarts
from services.enrich.domain.recalcul import Avancee, Barriere, Socle
from services.enrich.ports import SocleDepasse, Tenue, Transaction
from services.kernel.events import Event

T = TypeVar("T")


@dataclass
class Magasin:
    """What is held, the history with its instants and causes, the events published, in order."""

    tenues: dict[str, Tenue] = field(default_factory=dict)
    historique: list[tuple[str, int, Ecarts]] = field(default_factory=list)
    instants: list[datetime] = field(default_factory=list)
    causes: list[Cause] = field(default_factory=list)
    evenements: list[Event] = field(default_factory=list)
    offres: dict[str, Evenement] = field(default_factory=dict)
    barriere: Barriere = field(default_factory=Barriere)
    avancees: list[Avancee] = field(default_factory=list)
    transactions: int = 0

    async def transaction(self, travail: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run `travail` on a copy, kept only if it ends well."""
        brouillon = copy.deepcopy(self)
        resultat = await travail(_Transaction(brouillon))
        self.__dict__.update(brouillon.__dict__)
        self.transactions += 1
        return resultat


@dataclass
class _Transaction:
    magasin: Magasin

    async def tetes(self, ids: Iterable[str]) -> dict[str, Tete]:
        tenues = self.magasin.tenues
        return {nom: copy.copy(tenues[nom].tete) for nom in ids if nom in tenues}

    async def etats(self, ids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        tenues = self.magasin.tenues
        return {nom: tenues[nom].etat for nom in ids if nom in tenues}

    async def reprises(self, ids: Sequence[str]) -> list[Reprise]:
        return [
            Reprise(self.magasin.offres[nom], copy.copy(self.magasin.tenues[nom].tete))
            for nom in ids
            if nom in self.magasin.tenues
        ]

    async def relire(self, ids: Sequence[str], maintenant: datetime) -> list[Tenue]:
        return [self.magasin.tenues[nom] for nom in ids if nom in self.magasin.tenues]

    async def tenir(self, socle: Socle) -> None:
        if not self.magasin.barriere.admet(socle):
            raise SocleDepasse("dépassé")

    async def avancer(self, avancee: Avancee, maintenant: datetime) -> None:
        self.magasin.avancees.append(avancee)

    async def regler(self, successions: Mapping[str, str], maintenant: datetime) -> None:
        for successeur, predecesseur in successions.items():
            self.magasin.tenues[successeur].tete.heritage = {"de": predecesseur}

    async def ecrire(self, plan: Plan, references: str, maintenant: datetime) -> None:
        for changement in plan.a_ecrire():
            evenement = changement.calcul.evenement
            self.magasin.offres[evenement.id] = evenement
            self.magasin.tenues[evenement.id] = Tenue(
                evenement.id,
                changement.tete,
                maintenant,
                evenement.origine,
                changement.calcul.etat,
            )
        for calcul, tete in plan.a_marquer():
            self.magasin.offres[calcul.evenement.id] = calcul.evenement
            tenue = self.magasin.tenues[calcul.evenement.id]
            tenue.tete.offre_sequence = tete.offre_sequence
            tenue.tete.offre_empreinte = tete.offre_empreinte
            tenue.tete.editions = tete.editions
            tenue.tete.heritage = tete.heritage

    async def historiser(
        self, entrees: Sequence[tuple[Changement, Ecarts]], maintenant: datetime
    ) -> None:
        self.magasin.historique += [
            (changement.calcul.evenement.id, changement.tete.sequence, champs)
            for changement, champs in entrees
        ]
        self.magasin.instants += [maintenant] * len(entrees)
        self.magasin.causes += [changement.cause for changement, _ in entrees]

    async def publier(self, evenements: Sequence[Event]) -> None:
        self.magasin.evenements += evenements
