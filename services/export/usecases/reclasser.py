"""Has past answers say what a table of refusals that changed says of them."""

from collections.abc import Sequence
from contextlib import aclosing
from datetime import datetime
from functools import partial
from typing import Final

from contracts.statuts import Plateforme
from services.export.domain.erreurs_parcoursup import Table
from services.export.domain.erreurs_reconnues import reclassee
from services.export.ports import Base, Document, Juges, Transaction
from services.export.ports_parcoursup import Refusees, TableEnVigueur
from services.export.usecases.faits import ecrire_faits
from services.kernel.clock import Clock, now_as_stored
from services.kernel.halves import in_halves

_NOM: Final = Plateforme.PARCOURSUP.value


class Reclasseur:
    """Applies the table in force to past answers, once whenever it changed.

    A process that answers by the table and calls this between its answers leaves none of its own
    under an older one; one that was killed begins again, and finds done what was.
    """

    def __init__(
        self, erreurs: TableEnVigueur, refusees: Refusees, base: Base, juges: Juges, horloge: Clock
    ) -> None:
        """Work through these ports."""
        self._erreurs = erreurs
        self._refusees = refusees
        self._base = base
        self._juges = juges
        self._horloge = horloge
        self._appliquee: Table | None = None

    async def passer(self) -> int:
        """Write the answers that the table says otherwise, if it changed; return how many.

        The exchanges stay as they were, and so does an answer that came since.
        """
        table = await self._erreurs.table()
        if table is self._appliquee:
            return 0
        reclassees = 0
        async with aclosing(self._refusees.refusees()) as lots:
            async for lot in lots:
                reclassees += await self._un_lot(lot, table)
        self._appliquee = table
        return reclassees

    async def _un_lot(self, lot: Sequence[Document], table: Table) -> int:
        instant = now_as_stored(self._horloge)
        faites = 0

        async def ecrire(ids: Sequence[str]) -> None:
            nonlocal faites
            faites += await self._base.transaction(partial(self._reecrire, ids, table))

        ids = [un["_id"] for un in lot if _reecrite(un, table, instant)]
        for _, erreur in await in_halves(ids, ecrire):
            raise erreur
        return faites

    async def _reecrire(self, ids: Sequence[str], table: Table, transaction: Transaction) -> int:
        juge = await self._juges.courant()
        instant = now_as_stored(self._horloge)
        tenues = (await transaction.formations(ids)).values()
        documents = [un for tenue in tenues if (un := _reecrite(tenue, table, instant))]
        await ecrire_faits(transaction, documents, juge, instant, self._horloge)
        return len(documents)


def _reecrite(offre: Document, table: Table, instant: datetime) -> Document | None:
    retours = offre.get("retours") or {}
    retour = reclassee(retours.get(_NOM) or {}, table, instant)
    return {**offre, "retours": {**retours, _NOM: retour}} if retour else None
