"""Export's database in memory: transactions that leave nothing when they fail, or are killed."""

from collections.abc import Awaitable, Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from services.export.domain.projections import Juge
from services.export.ports import Document, Transaction
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


class Magasin:
    """Implements `ports.Base`; also the transaction itself, on a copy that replaces the state."""

    def __init__(self, *, envoi: bool = True) -> None:
        self.etat = Etat()
        self.envoi = envoi
        self.reste: int | None = None  # transactions before the process dies; None: it lives
        self.engagee = False  # whether the last one commits before it dies

    async def transaction(self, travail: Callable[[Transaction], Awaitable[T]]) -> T:
        return await self._dans(travail)

    async def _dans(self, travail: Callable[[Any], Awaitable[T]]) -> T:
        avant = deepcopy(self.etat)
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
    """Implements `ports.Juges` with one judge, that a test may change."""

    def __init__(self, juge: Juge) -> None:
        self.juge = juge

    async def courant(self) -> Juge:
        return self.juge
