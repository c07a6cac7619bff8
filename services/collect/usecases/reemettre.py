"""Send the present state of offers again, at their sequences: a follower missed them."""

from collections.abc import Sequence
from datetime import datetime

from contracts.topics import OFFRES
from services.collect.domain.tenue import evenement
from services.collect.ports import Offres, Transaction
from services.kernel.events import make_event


async def reemettre(ids: Sequence[str], offres: Offres, maintenant: datetime) -> list[str]:
    """Emit the offers that exist among some, in one transaction; return their ids.

    Their states are held meanwhile, so that none leaves after a newer one.
    """

    async def travail(transaction: Transaction) -> list[str]:
        entieres = await transaction.entieres(ids)
        await transaction.publier(
            [
                make_event(
                    OFFRES,
                    tenue.id,
                    tenue.sequence,
                    evenement(tenue),
                    maintenant,
                    id=f"{tenue.id}.{tenue.sequence}.{maintenant.timestamp():.3f}",
                )
                for tenue in entieres.values()
            ]
        )
        return list(entieres)

    return await offres.transaction(travail)
