"""Tells present publications again: a follower that lost some is repaired by its reconciler."""

from collections.abc import Sequence

from services.export.domain.publication import evenement
from services.export.ports import Base, Transaction
from services.export.usecases.projeter import evenements
from services.kernel.clock import Clock


async def reemettre(ids: Sequence[str], base: Base, horloge: Clock) -> int:
    """Emit the present publication of each known formation, unchanged; return how many."""

    async def travail(transaction: Transaction) -> int:
        tenues = await transaction.formations(ids)
        etats = [evenement(tenue) for tenue in tenues.values()]
        await transaction.emettre(list(evenements(etats, horloge)))
        return len(etats)

    return await base.transaction(travail)
