"""The successions that are settled, noted on both of their formations."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from pymongo import UpdateOne
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.collection import AsyncCollection

from services.kernel.mongo import Document

HERITAGE: Final = "heritage"
_TRANSMISE_LE: Final = "transmise_le"


async def noter_les_successions(
    formations: AsyncCollection[Document],
    successions: Mapping[str, str],
    maintenant: datetime,
    session: AsyncClientSession,
) -> None:
    """Note successions in the transaction that settles them; see `ports.Transaction.regler`."""
    await formations.bulk_write(
        [
            UpdateOne({"_id": nom}, {"$set": valeurs})
            for successeur, predecesseur in successions.items()
            for nom, valeurs in (
                (successeur, {HERITAGE: {"de": predecesseur}}),
                (predecesseur, {_TRANSMISE_LE: maintenant}),
            )
        ],
        session=session,
    )
