"""Judges again what rules, a campaign or the day may have changed (domain.md §3.4)."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import partial

from services.export.domain.projections import Juge, Plan, reevaluer
from services.export.domain.reevaluation import Assise, viser
from services.export.ports import Base, Document, Juges, Reevaluations, Transaction
from services.export.usecases.faits import evenements
from services.kernel.clock import Clock, now_as_stored

Poursuivre = Callable[[], Awaitable[bool]]


@dataclass(slots=True)
class Bilan:
    """How many offers were judged again, how many are told anew, and whether it went to the end."""

    vues: int = 0
    changees: int = 0
    complet: bool = True


async def _toujours() -> bool:
    return True


async def reprendre(
    reevaluations: Reevaluations,
    base: Base,
    juges: Juges,
    horloge: Clock,
    *,
    lot: int,
    poursuivre: Poursuivre = _toujours,
) -> Bilan:
    """Bring every judgement under the present rules, campaigns and day, while `poursuivre` says so.

    Only what differs is written, and only changed states become events. A decision taken meanwhile
    counts. May be interrupted and called again: it goes on from where it was. Called again once
    complete, it only looks at what was written late under an older mark.
    """
    assise = Assise.de(await juges.courant())
    tenu = await reevaluations.balayage()
    balayage = viser(tenu, assise)
    if balayage is not tenu:
        balayage = await reevaluations.commencer(balayage)
    passe = _Passe(reevaluations, base, horloge, Bilan())

    async def juge_encore() -> Juge | None:
        juge = await juges.courant()
        return juge if juge.marque == assise.marque and await poursuivre() else None

    if not balayage.complet:
        async with aclosing(_en_avance(reevaluations.lots(balayage, lot))) as lots:
            async for documents in lots:
                juge = await juge_encore()
                if juge is None:
                    return passe.interrompue()
                await passe.juger(documents, juge)
                balayage = replace(balayage, curseur=documents[-1]["_id"])
                await reevaluations.avancer(balayage)
    async with aclosing(reevaluations.retardataires(balayage, lot)) as lots:
        async for documents in lots:
            juge = await juge_encore()
            if juge is None:
                return passe.interrompue()
            ecrites = await passe.juger(documents, juge)
            justes = [document for document in documents if document["_id"] not in ecrites]
            await reevaluations.marquer(justes, juge.marque)
    if not balayage.complet:
        await reevaluations.avancer(replace(balayage, complet=True))
    return passe.bilan


async def reevaluer_tout(
    reevaluations: Reevaluations, base: Base, juges: Juges, horloge: Clock, *, lot: int
) -> Bilan:
    """Judge everything again, whatever was judged before: the repair of last resort."""
    juge = await juges.courant()
    tout = viser(None, Assise.de(juge))
    passe = _Passe(reevaluations, base, horloge, Bilan())
    async with aclosing(_en_avance(reevaluations.lots(tout, lot))) as lots:
        async for documents in lots:
            await passe.juger(documents, juge)
    return passe.bilan


async def _en_avance(
    lots: AsyncGenerator[list[Document], None],
) -> AsyncGenerator[list[Document], None]:
    """Yield the batches, the next one being read while one is judged and written."""
    suivant = asyncio.ensure_future(anext(lots, None))
    try:
        while (lot := await suivant) is not None:
            suivant = asyncio.ensure_future(anext(lots, None))
            yield lot
    finally:
        suivant.cancel()
        await asyncio.gather(suivant, return_exceptions=True)
        await lots.aclose()


@dataclass(frozen=True, slots=True)
class _Passe:
    reevaluations: Reevaluations
    base: Base
    horloge: Clock
    bilan: Bilan

    def interrompue(self) -> Bilan:
        self.bilan.complet = False
        return self.bilan

    async def juger(self, documents: Sequence[Document], juge: Juge) -> set[str]:
        """Judge a batch; return the ids of what was written."""
        plan = reevaluer(documents, juge, now_as_stored(self.horloge))
        if plan.remplacees and not await self.reevaluations.ecrire(
            plan.remplacees, plan.historique, list(evenements(plan.publications, self.horloge))
        ):
            ids = [document["_id"] for document in plan.remplacees]
            plan = await self.base.transaction(partial(_rejuger, ids, juge, self.horloge))
        self.bilan.vues += len(documents)
        self.bilan.changees += len(plan.publications)
        return {document["_id"] for document in plan.remplacees}


async def _rejuger(
    ids: Sequence[str], juge: Juge, horloge: Clock, transaction: Transaction
) -> Plan:
    """Judge from the facts as they are in this transaction, some having changed since read."""
    tenues = await transaction.formations(ids)
    plan = reevaluer(tenues.values(), juge, now_as_stored(horloge))
    await transaction.ecrire([], plan.remplacees)
    await transaction.historiser(plan.historique)
    await transaction.emettre(list(evenements(plan.publications, horloge)))
    return plan
