"""Export's database in memory: transactions that leave nothing when they fail, or are killed."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, TypeVar

from contracts.statuts import Plateforme
from services.export.domain.calendrier_parcoursup import Reglages
from services.export.ports import Document
from services.kernel.errors import Contention, RaceLost
from services.kernel.events import Event
from tests.support.export.etat import Etat, instantane, projete, stocke

T = TypeVar("T")
_ESSAIS: Final = 4
_LOT: Final = 2


class Tuee(BaseException):
    """The process died here: nothing catches it."""


class Transaction:
    """Implements `ports.Transaction`, and those of operations and imports, on a snapshot."""

    def __init__(self, etat: Etat) -> None:
        """Read from `etat` and write to it."""
        self.etat = etat

    async def formations(self, ids: Collection[str]) -> dict[str, Document]:
        return {un: stocke(self.etat.formations[un]) for un in ids if un in self.etat.formations}

    async def ecrire(self, nouvelles: Sequence[Document], remplacees: Sequence[Document]) -> None:
        _exiger(not {un["_id"] for un in nouvelles} & self.etat.formations.keys())
        assert {un["_id"] for un in remplacees} <= self.etat.formations.keys()
        for document in (*nouvelles, *remplacees):
            self.etat.ecritures += 1
            document["ecrit"] = self.etat.ecritures
            self.etat.formations[document["_id"]] = stocke(document)

    async def journaliser(self, decision: Document) -> None:
        cle = f"{decision['formation']}.{decision['plateforme']}.{decision['numero']}"
        _exiger(cle not in self.etat.decisions)
        self.etat.decisions[cle] = stocke(decision)

    async def historiser(self, changements: Sequence[Document]) -> None:
        _exiger(not {un["_id"] for un in changements} & self.etat.historique.keys())
        self.etat.historique |= {un["_id"]: stocke(un) for un in changements}

    async def noter_acte(self, acte: Document) -> None:
        _exiger(acte["_id"] not in self.etat.actes)
        self.etat.actes[acte["_id"]] = stocke(acte)

    async def lot(self, jeton: str) -> Document | None:
        return _lu(self.etat.lots, jeton)

    async def avancer_lot(self, jeton: str, resultats: Sequence[Document]) -> None:
        tenu = self.etat.lots[jeton]
        self.etat.lots[jeton] = stocke({**tenu, "resultats": [*tenu["resultats"], *resultats]})

    async def clore_envoi(self, envoi: str, reponse: Document) -> None:
        tenu = self.etat.envois[envoi]
        self.etat.envois[envoi] = stocke({**tenu, **reponse, "ouvert": False})

    async def envoi_actif(self) -> bool:
        return self.etat.reglages.actif

    async def relecture_en_vigueur(self) -> datetime | None:
        return self.etat.en_vigueur["lue_le"] if self.etat.en_vigueur else None

    async def noter_relecture(self, lot: Document) -> None:
        self.etat.lots_relus[lot["_id"]] = stocke(lot)

    async def emettre(self, evenements: Sequence[Event]) -> None:
        self.etat.evenements += evenements

    async def operation(self, identifiant: str) -> Document:
        return stocke(self.etat.operations[identifiant])

    async def avancer(self, operation: Document) -> None:
        version = operation["version"]
        _exiger(self.etat.operations[operation["_id"]]["version"] == version)
        self.etat.operations[operation["_id"]] = stocke({**operation, "version": version + 1})

    async def tranche(self, apres: str, limite: int) -> list[Document]:
        ids = sorted(un for un in self.etat.formations if un > apres)[:limite]
        return [stocke(self.etat.formations[un]) for un in ids]

    async def saisons(self, ids: Sequence[str]) -> dict[str, Document]:
        tenues = [self.etat.saisons[un] for un in ids if un in self.etat.saisons]
        return {un["formation"]: stocke(un) for un in tenues}

    async def garder_saisons(self, saisons: Sequence[Document]) -> None:
        self.etat.saisons |= {un["_id"]: stocke(un) for un in saisons}

    async def decisions_prises(
        self, formations: Sequence[str], plateforme: Plateforme
    ) -> Mapping[str, list[Document]]:
        return journal(self.etat, formations, plateforme)

    async def ouvrir_campagne(self, plateforme: Plateforme, debut: date) -> None:
        self.etat.debuts[plateforme.value] = debut.isoformat()

    def offres(self, champs: Sequence[str]) -> AsyncGenerator[list[Document], None]:
        return offres(self.etat, champs)

    async def noter_application(self, identifiant: str, application: Document) -> None:
        tenu = self.etat.imports[identifiant]
        suite = [*tenu["applications"], application]
        self.etat.imports[identifiant] = stocke({**tenu, "applications": suite})


class Magasin:
    """Implements `ports.Base`; `reste` says when the process dies."""

    def __init__(self, *, envoi: bool = True) -> None:
        """Start empty, with the sending to Parcoursup on or off."""
        self.etat = Etat(reglages=Reglages(actif=envoi, relecture=None))
        self.reste: int | None = None  # transactions before the process dies; None: it lives
        self.engagee = False  # whether the last one commits before it dies

    async def transaction(self, travail: Callable[[Any], Awaitable[T]]) -> T:
        """Run `travail` on a snapshot, again when another transaction committed meanwhile."""
        meurt = self.reste == 0
        if self.reste is not None:
            self.reste -= 1
        for _ in range(_ESSAIS):
            vu = self.etat
            transaction = self.ouvrir(instantane(vu))
            try:
                rendu = await travail(transaction)
            except RaceLost:
                continue
            if self.etat is not vu:
                continue
            if not meurt or self.engagee:
                self.etat = transaction.etat
            if meurt:
                self.reste = None
                raise Tuee
            return rendu
        raise Contention(f"transaction abandonnée après {_ESSAIS} essais")

    def ouvrir(self, etat: Etat) -> Transaction:
        """Return the transaction that works on a snapshot."""
        return Transaction(etat)

    def tenue(self, formation: str) -> Document:
        """Return an offer as stored."""
        return stocke(self.etat.formations[formation])

    def statut(self, formation: str, plateforme: str) -> Any:  # noqa: ANN401 - a stored text
        """Return the status that an offer shows."""
        return self.etat.formations[formation]["publication"]["plateformes"][plateforme]["statut"]


def journal(
    etat: Etat, formations: Sequence[str], plateforme: Plateforme
) -> Mapping[str, list[Document]]:
    """Return what the journal has of these offers on a platform, by offer, in order."""
    prises: dict[str, list[Document]] = {}
    for un in sorted(etat.decisions.values(), key=lambda entree: int(entree["numero"])):
        if un["formation"] in formations and un["plateforme"] == plateforme:
            prises.setdefault(un["formation"], []).append(stocke(un))
    return prises


async def offres(etat: Etat, champs: Sequence[str]) -> AsyncGenerator[list[Document], None]:
    """Yield these fields of every offer, in batches."""
    projetees = [projete(offre, champs) for offre in etat.formations.values()]
    for debut in range(0, len(projetees), _LOT):
        yield projetees[debut : debut + _LOT]


def _lu(documents: Mapping[str, Document], identifiant: str) -> Document | None:
    return stocke(documents[identifiant]) if identifiant in documents else None


def _exiger(neuf: bool) -> None:
    """Lose the race when what is to be inserted is there, as a unique index of MongoDB does."""
    if not neuf:
        raise RaceLost
