"""Sending the present states of formations again."""

from collections.abc import Sequence
from datetime import datetime

import orjson

from contracts.topics import FORMATIONS
from services.enrich.domain.application import message
from services.enrich.ports import Formations, Tenue, Transaction
from services.kernel.events import Event, make_event


async def reemettre(ids: Sequence[str], formations: Formations, maintenant: datetime) -> list[str]:
    """Publish the present states of formations again, at their sequences; return those found.

    Consumers that hold them ignore it; one that missed or damaged one repairs itself.
    """

    async def travail(transaction: Transaction) -> list[str]:
        tenues = await transaction.relire(ids, maintenant)
        await transaction.publier([_retour(tenue, maintenant) for tenue in tenues])
        return [tenue.id for tenue in tenues]

    return await formations.transaction(travail)


def _retour(tenue: Tenue, maintenant: datetime) -> Event:
    texte = orjson.dumps(tenue.etat, option=orjson.OPT_SORT_KEYS)
    donnees = message(tenue.id, tenue.tete, tenue.modifiee_le, tenue.origine, texte)
    return make_event(FORMATIONS, tenue.id, tenue.tete.sequence, donnees, maintenant)
