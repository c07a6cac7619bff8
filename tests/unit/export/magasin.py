"""Export's database in memory: transactions that leave nothing when they fail, or are killed."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from copy import copy, deepcopy
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any, TypeVar

from contracts.statuts import Plateforme
from services.export.domain.campagne import Campagne
from services.export.domain.projections import Juge
from services.export.ports import Document
from services.kernel.events import Event

T = TypeVar("T")


class Tuee(Exception):
    """The process died here."""


@dataclass
class Etat:
    """What is committed."""

    formations: dict[str, Document] = field(default_factory=dict)
    decisions: dict[str, Document] = field(default_factory=dict)
    historique: dict[str, Document] = field(default_factory=dict)
    evenements: list[Event] = field(default_factory=list)
    operations: dict[str, Document] = field(default_factory=dict)
    saisons: dict[str, Document] = field(default_factory=dict)
    debuts: dict[str, str] = field(default_factory=dict)


def _instantane(etat: Etat) -> Etat:
    """Return the state as it is: documents are replaced, never altered, so that maps do."""
    return replace(etat, **{un.name: copy(getattr(etat, un.name)) for un in fields(etat)})


class Magasin:
    """Implements `ports.Base` and `ports_operations.Operations`; also the transaction itself."""

    def __init__(self, *, envoi: bool = True) -> None:
        self.etat = Etat()
        self.envoi = envoi
        self.reste: int | None = None  # transactions before the process dies; None: it lives
        self.engagee = False  # whether the last one commits before it dies

    async def transaction(self, travail: Callable[[Any], Awaitable[T]]) -> T:
        avant = _instantane(self.etat)
        meurt = self.reste == 0
        if self.reste is not None:
            self.reste -= 1
        try:
            rendu = await travail(self)
        except BaseException:
            self.etat = avant
            raise
        if meurt:
            self.reste = None
            self.etat = self.etat if self.engagee else avant
            raise Tuee
        return rendu

    async def formations(self, ids: Sequence[str]) -> dict[str, Document]:
        return {un: deepcopy(self.etat.formations[un]) for un in ids if un in self.etat.formations}

    async def ecrire(self, nouvelles: Sequence[Document], remplacees: Sequence[Document]) -> None:
        assert not {un["_id"] for un in nouvelles} & self.etat.formations.keys()
        assert {un["_id"] for un in remplacees} <= self.etat.formations.keys()
        self.etat.formations.update({un["_id"]: deepcopy(un) for un in [*nouvelles, *remplacees]})

    async def journaliser(self, decision: Document) -> None:
        cle = f"{decision['formation']}.{decision['plateforme']}.{decision['numero']}"
        assert cle not in self.etat.decisions, "a decision is never rewritten"
        self.etat.decisions[cle] = decision

    async def historiser(self, changements: Sequence[Document]) -> None:
        assert not {un["_id"] for un in changements} & self.etat.historique.keys()
        self.etat.historique |= {un["_id"]: un for un in changements}

    async def envoi_actif(self) -> bool:
        return self.envoi

    async def emettre(self, evenements: Sequence[Event]) -> None:
        self.etat.evenements += evenements

    async def operation(self, identifiant: str) -> Document:
        return deepcopy(self.etat.operations[identifiant])

    async def avancer(self, operation: Document) -> None:
        self.etat.operations[operation["_id"]] = deepcopy(operation)

    async def tranche(self, apres: str, limite: int) -> list[Document]:
        ids = sorted(un for un in self.etat.formations if un > apres)[:limite]
        return [deepcopy(self.etat.formations[un]) for un in ids]

    async def saisons(self, ids: Sequence[str]) -> dict[str, Document]:
        tenues = [self.etat.saisons[un] for un in ids if un in self.etat.saisons]
        return {un["formation"]: deepcopy(un) for un in tenues}

    async def garder_saisons(self, saisons: Sequence[Document]) -> None:
        self.etat.saisons |= {un["_id"]: deepcopy(un) for un in saisons}

    async def decisions_prises(
        self, formations: Sequence[str], plateforme: Plateforme
    ) -> Mapping[str, list[Document]]:
        prises: dict[str, list[Document]] = {}
        for un in self.etat.decisions.values():
            if un["formation"] in formations and un["plateforme"] == plateforme:
                prises.setdefault(un["formation"], []).append(un)
        return prises

    journal = decisions_prises

    async def ouvrir_campagne(self, plateforme: Plateforme, debut: date) -> None:
        self.etat.debuts[plateforme.value] = debut.isoformat()

    async def une(self, identifiant: str) -> Document | None:
        return self.etat.operations.get(identifiant)

    async def en_cours(self) -> list[Document]:
        return [un for un in self.etat.operations.values() if un["etape"] != "terminee"]

    async def demander(self, operation: Document) -> bool:
        return self.etat.operations.setdefault(operation["_id"], operation) is operation

    async def enregistree(self, plateforme: Plateforme) -> bool:
        return plateforme.value in self.etat.debuts

    async def offres(self) -> AsyncIterator[list[Document]]:
        yield await self.tranche("", len(self.etat.formations))

    async def noter_acte(self, acte: Document) -> None:
        raise NotImplementedError

    async def lot(self, jeton: str) -> Document | None:
        raise NotImplementedError

    async def avancer_lot(self, jeton: str, resultats: Sequence[Document]) -> None:
        raise NotImplementedError

    async def clore_envoi(self, envoi: str, reponse: Document) -> None:
        raise NotImplementedError

    async def relecture_en_vigueur(self) -> datetime | None:
        raise NotImplementedError

    async def noter_relecture(self, lot: Document) -> None:
        raise NotImplementedError

    def statut(self, formation: str, plateforme: str) -> Any:  # noqa: ANN401 - a stored text
        return self.etat.formations[formation]["publication"]["plateformes"][plateforme]["statut"]


class UnJuge:
    """Implements `ports.Juges` with one judge."""

    def __init__(self, juge: Juge) -> None:
        self.juge = juge

    async def courant(self) -> Juge:
        return self.juge


class JugesDuMagasin:
    """Implements `ports.Juges`: the same rules, under the campaigns that the database has."""

    def __init__(self, magasin: Magasin, juge: Juge) -> None:
        self._magasin = magasin
        self._juge = juge

    async def courant(self) -> Juge:
        debuts = {
            Plateforme(nom): Campagne(date.fromisoformat(debut))
            for nom, debut in self._magasin.etat.debuts.items()
        }
        contextes = {
            plateforme: replace(contexte, campagne=debuts.get(plateforme, contexte.campagne))
            for plateforme, contexte in self._juge.contextes.items()
        }
        return Juge.de(self._juge.jeu, contextes)
