"""A store of collect in memory: what its real adapter promises, in the fewest lines."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any, TypeVar

from contracts.evenements import Etat
from services.collect.adapters.mongo import formes
from services.collect.domain.depot import Depot, Lot, Passage, Reponse
from services.collect.domain.identite import CLE
from services.collect.domain.lignes import LigneJugee
from services.collect.domain.rapport import en_ensembles
from services.collect.domain.tenue import Tenue
from services.collect.ports import Resume, Transaction
from services.kernel.errors import RaceLost
from services.kernel.events import Event

T = TypeVar("T")


class MemoireCollect:
    """`ports.Offres` and `ports.Depots`; a transaction works on a copy that replaces the state."""

    def __init__(self) -> None:
        self.offres: dict[str, Tenue] = {}
        self.tous: dict[str, Depot] = {}
        self.evenements: list[Event] = []
        self.bilans: dict[str, dict[str, Any]] = {}
        self.morceaux: dict[str, dict[str, dict[str, Any]]] = {
            "lots": {},
            "reponses": {},
            "passages": {},
        }

    async def transaction(self, travail: Callable[[Transaction], Awaitable[T]]) -> T:
        copie = _Copie(self)
        resultat = await travail(copie)
        self.offres, self.tous, self.evenements = copie.offres, copie.tous, copie.evenements
        self.morceaux["lots"] |= copie.lots
        return resultat

    async def vue(self, aliases: Collection[str]) -> list[Tenue]:
        return _vue(self.offres, aliases)

    async def par_id(self, id_: str) -> Tenue | None:
        return deepcopy(self.offres.get(id_))

    async def par_racine(self, racine: str) -> list[Tenue]:
        debut = f"{CLE}{racine}#"
        return [t for t in self.offres.values() if any(a.startswith(debut) for a in t.aliases)][:2]

    async def publiees(self, deposant: str) -> int:
        siennes = [t for t in self.offres.values() if t.deposant == deposant]
        return sum(t.etat == Etat.ACTIVE and not t.depubliee for t in siennes)

    async def garder_reponses(self, reponses: Sequence[Reponse]) -> None:
        for reponse in reponses:
            document = formes.reponse_en_document(reponse)
            self.morceaux["reponses"].setdefault(reponse.id, document)

    async def garder_passages(self, passages: Sequence[Passage]) -> None:
        for passage in passages:
            document = {
                "_id": passage.id,
                "etape": str(passage.etape),
                "plages": passage.plages,
                "le": datetime.now(UTC),
            }
            self.morceaux["passages"].setdefault(passage.id, document)

    async def depot(self, id_: str) -> Depot | None:
        return deepcopy(self.tous.get(id_))

    async def depots(self, deposant: str | None, avant: str | None, limite: int) -> list[Depot]:
        siens = [
            depot
            for depot in self.tous.values()
            if deposant in (None, depot.deposant) and (avant is None or depot.id < avant)
        ]
        return sorted(siens, key=lambda depot: depot.id, reverse=True)[:limite]

    async def bilan(self, depot: str) -> dict[str, Any] | None:
        return self.bilans.get(depot)

    async def garder_bilan(self, depot: str, bilan: dict[str, Any]) -> None:
        self.bilans[depot] = bilan

    async def resume(self, depot: str) -> Resume:
        return Resume(
            *(
                [en_ensembles(document) for document in self._du_depot(nom, depot)]
                for nom in ("lots", "reponses", "passages")
            )
        )

    async def lots(self, depot: str, apres: int) -> AsyncIterator[list[LigneJugee]]:
        for document in self._du_depot("lots", depot):
            lignes = [x for x in formes.lignes_du_document(document) if x.rang > apres]
            if lignes:
                yield lignes

    async def reponses(
        self, depot: str, premier: int, dernier: int
    ) -> dict[int, list[tuple[str | None, Sequence[dict[str, str]]]]]:
        par_rang: dict[int, list[tuple[str | None, Sequence[dict[str, str]]]]] = {}
        for document in self._du_depot("reponses", depot):
            for rang, offre, constats in formes.reponses_du_document(document):
                if premier <= rang <= dernier:
                    par_rang.setdefault(rang, []).append((offre, constats))
        return par_rang

    def _du_depot(self, nom: str, depot: str) -> list[dict[str, Any]]:
        siens = (d for id_, d in self.morceaux[nom].items() if id_.startswith(f"{depot}:"))
        return sorted(siens, key=lambda document: str(document["_id"]))


class _Copie:
    def __init__(self, store: MemoireCollect) -> None:
        self.offres = deepcopy(store.offres)
        self.tous = dict(store.tous)
        self.evenements = list(store.evenements)
        self.lots: dict[str, dict[str, Any]] = {}

    async def vue(self, aliases: Collection[str]) -> list[Tenue]:
        return _vue(self.offres, aliases)

    async def entieres(self, ids: Sequence[str]) -> dict[str, Tenue]:
        return {id_: deepcopy(self.offres[id_]) for id_ in ids if id_ in self.offres}

    async def inserer(self, tenues: Sequence[Tenue]) -> None:
        for tenue in tenues:
            self._ecrire(tenue)

    async def remplacer(self, tenues: Sequence[Tenue]) -> None:
        for tenue in tenues:
            self._ecrire(tenue)

    async def garder_lot(self, lot: Lot) -> None:
        document = formes.lot_en_document(lot)
        self.lots[document["_id"]] = document

    async def garder_depot(self, depot: Depot) -> None:
        self.tous[depot.id] = deepcopy(depot)

    async def publier(self, evenements: Sequence[Event]) -> None:
        self.evenements += evenements

    def _ecrire(self, tenue: Tenue) -> None:
        for autre in self.offres.values():
            if autre.id != tenue.id and not set(autre.aliases).isdisjoint(tenue.aliases):
                raise RaceLost
        self.offres[tenue.id] = deepcopy(tenue)


def _vue(offres: dict[str, Tenue], aliases: Collection[str]) -> list[Tenue]:
    return [deepcopy(t) for t in offres.values() if not set(aliases).isdisjoint(t.aliases)]
