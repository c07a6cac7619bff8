"""The sweep of stale judgements in MongoDB: its checkpoint, what it reads and writes."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from bson import Timestamp
from pymongo import UpdateOne
from pymongo.asynchronous.client_session import AsyncClientSession

from services.export.adapters.mongo import SERVER_TIME, BaseMongo
from services.export.domain.projections import DERIVES
from services.export.domain.reevaluation import Assise, Balayage, Diplome
from services.export.ports import Document
from services.kernel.batches import in_batches
from services.kernel.events import Event
from services.kernel.mongo import in_transaction

_POINT: Final = "formations"
_MARGE_S: Final = 180
"""More than a transaction may last on the server: what it wrote before is seen after so long."""


class _Depassees(Exception):
    """A document is no longer the one that was judged."""


class ReevaluationsMongo:
    """Implements `ports.Reevaluations`."""

    def __init__(self, base: BaseMongo) -> None:
        """Sweep `base`."""
        self._base = base
        self._points = base.base["reevaluations"]

    async def balayage(self) -> Balayage | None:
        """Return the checkpoint."""
        point = await self._points.find_one({"_id": _POINT})
        return _lire(point) if point else None

    async def commencer(self, balayage: Balayage) -> Balayage:
        """Store the sweep; the server says when it begins."""
        point = {"_id": _POINT, **_ecrit(balayage), "depuis": SERVER_TIME}
        await self._points.replace_one({"_id": _POINT}, point, upsert=True)
        stocke = await self._points.find_one({"_id": _POINT}, {"depuis": 1})
        return replace(balayage, depuis=stocke["depuis"].time if stocke else 0)

    async def avancer(self, balayage: Balayage) -> None:
        """Store the cursor, unless another sweep began."""
        await self._points.update_one(
            {"_id": _POINT, "vise.marque": balayage.vise.marque},
            {"$set": {"curseur": balayage.curseur, "complet": balayage.complet}},
        )

    async def lots(self, balayage: Balayage, taille: int) -> AsyncGenerator[list[Document], None]:
        """Read on from the cursor, by the index of diplomas when only some are touched."""
        filtre: Document = {"_id": {"$gt": balayage.curseur}}
        if balayage.touches is not None:
            if not balayage.touches:
                return
            filtre["$or"] = _des_diplomes(balayage.touches)
        async for lot in self._lire(filtre, taille, sort=[("_id", 1)]):
            yield lot

    async def retardataires(
        self, balayage: Balayage, taille: int
    ) -> AsyncGenerator[list[Document], None]:
        """Read what the server wrote too late, or too early, for the sweep to have judged it."""
        recents = {"$gte": Timestamp(max(0, balayage.depuis - _MARGE_S), 0)}
        filtre: Document = {"ecrit": recents, "marque": {"$ne": balayage.vise.marque}}
        if balayage.touches is not None and balayage.acquise is not None:
            depuis_l_acquise = {"$gte": Timestamp(max(0, balayage.acquise_depuis - _MARGE_S), 0)}
            marques = [balayage.vise.marque, balayage.acquise.marque]
            ailleurs: Document = {"ecrit": depuis_l_acquise, "marque": {"$nin": marques}}
            touches = _des_diplomes(balayage.touches)
            filtre = {"$or": [ailleurs, {**filtre, "$or": touches}]} if touches else ailleurs
        async for lot in self._lire(filtre, taille, hint="tardives"):
            yield lot

    async def _lire(
        self,
        filtre: Document,
        taille: int,
        *,
        sort: Sequence[tuple[str, int]] | None = None,
        hint: str | None = None,
    ) -> AsyncGenerator[list[Document], None]:
        curseur = self._base.formations.find(filtre, sort=sort, hint=hint, batch_size=taille)
        async with curseur:
            async for lot in in_batches(curseur, taille):
                yield lot

    async def marquer(self, documents: Sequence[Document], marque: str) -> None:
        """Set the mark alone; the time of writing stays, so that nobody else's view is outdated."""
        if documents:
            await self._base.formations.bulk_write(
                [UpdateOne(_telle_que_lue(un), {"$set": {"marque": marque}}) for un in documents],
                ordered=False,
            )

    async def ecrire(
        self,
        jugees: Sequence[Document],
        historique: Sequence[Document],
        evenements: Sequence[Event],
    ) -> bool:
        """Write what was derived, in one transaction that a later writing of any offer undoes."""
        mises_a_jour = [
            UpdateOne(
                _telle_que_lue(jugee),
                {
                    "$set": {champ: jugee[champ] for champ in ("marque", *DERIVES)},
                    "$currentDate": {"ecrit": {"$type": "timestamp"}},
                },
            )
            for jugee in jugees
        ]

        async def travail(session: AsyncClientSession) -> None:
            faites = await self._base.formations.bulk_write(
                mises_a_jour, ordered=False, session=session
            )
            if faites.matched_count < len(mises_a_jour):
                raise _Depassees
            if historique:
                await self._base.historique.insert_many(historique, session=session, ordered=False)
            await self._base.outbox.add(session, evenements)

        try:
            await in_transaction(self._base.client, travail)
        except _Depassees:
            return False
        return True


def _telle_que_lue(document: Document) -> Document:
    return {"_id": document["_id"], "ecrit": document.get("ecrit")}


def _des_diplomes(touches: frozenset[Diplome]) -> list[Document]:
    return [
        {"projection.niveau": niveau, "projection.diplome": diplome}
        for niveau, diplome in sorted(touches)
    ]


def _ecrit(balayage: Balayage) -> Document:
    touches = balayage.touches
    return {
        "vise": _ecrire_assise(balayage.vise),
        "acquise": _ecrire_assise(balayage.acquise) if balayage.acquise else None,
        "touches": None if touches is None else [list(cle) for cle in sorted(touches)],
        "curseur": balayage.curseur,
        "complet": balayage.complet,
        "acquise_depuis": balayage.acquise_depuis,
    }


def _ecrire_assise(assise: Assise) -> Document:
    regles = [[*cle, empreinte] for cle, empreinte in sorted(assise.regles.items())]
    return {"marque": assise.marque, "contextes": assise.contextes, "regles": regles}


def _lire(point: Mapping[str, Any]) -> Balayage:
    touches = point["touches"]
    return Balayage(
        vise=_lire_assise(point["vise"]),
        acquise=_lire_assise(point["acquise"]) if point["acquise"] else None,
        touches=None if touches is None else frozenset((un, autre) for un, autre in touches),
        curseur=point["curseur"],
        complet=point["complet"],
        depuis=point["depuis"].time,
        acquise_depuis=point["acquise_depuis"],
    )


def _lire_assise(document: Mapping[str, Any]) -> Assise:
    return Assise(
        document["marque"],
        document["contextes"],
        {(niveau, diplome): empreinte for niveau, diplome, empreinte in document["regles"]},
    )
