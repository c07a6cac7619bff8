"""Tells present publications again: a follower that lost some is repaired by its reconciler."""

from collections.abc import Sequence

from services.export.domain.publication import JAMAIS_DITE, evenement
from services.export.ports import Base, Transaction
from services.export.usecases.faits import evenements
from services.kernel.clock import Clock, now_as_stored


async def reemettre(ids: Sequence[str], base: Base, horloge: Clock) -> int:
    """Emit again, unchanged, the publications told of these formations; return how many."""
    instant = now_as_stored(horloge)

    async def travail(transaction: Transaction) -> int:
        tenues = await transaction.formations(ids)
        # Written too, so that this transaction excludes any other about the same offers: an older
        # state that left after a newer one would win the compaction of the topic.
        marquees = [{**tenue, "reemise_le": instant} for tenue in tenues.values()]
        await transaction.ecrire([], marquees)
        etats = [
            evenement(tenue)
            for tenue in tenues.values()
            if tenue["publication"]["sequence"] != JAMAIS_DITE
        ]
        await transaction.emettre(list(evenements(etats, horloge)))
        return len(etats)

    return await base.transaction(travail)
