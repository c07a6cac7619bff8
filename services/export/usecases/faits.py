"""The one way to change what is known of an offer: its facts, then all that follows from them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from contracts.topics import PUBLICATIONS
from services.export.domain.historique import changements
from services.export.domain.projections import Juge, rejuger
from services.export.domain.publication import evenement
from services.export.ports import Document, Transaction
from services.kernel.clock import Clock, now_as_stored
from services.kernel.events import Event, make_event


async def ecrire_faits(
    transaction: Transaction,
    documents: Sequence[Document],
    juge: Juge,
    instant: datetime,
    horloge: Clock,
    *,
    journal: Iterable[Document] = (),
) -> list[Document]:
    """Write offers whose facts the caller changed; return those whose publication is to be told.

    They are judged again, replaced, their decisions of `journal` and their changes of status
    appended, and their publication events emitted, in the caller's transaction: seen together or
    never.
    """
    changees, historique = [], []
    for document in documents:
        avant = document["publication"]
        if rejuger(document, juge, instant, origine=None):
            changees.append(document)
            historique += changements(avant, document, None)
    for decision in journal:
        await transaction.journaliser(decision)
    await transaction.ecrire([], documents)
    await transaction.historiser(historique)
    await transaction.emettre(list(evenements(map(evenement, changees), horloge)))
    return changees


def evenements(publications: Iterable[Document], horloge: Clock) -> Iterable[Event]:
    """Return the publication events of these states."""
    instant = now_as_stored(horloge)
    return (
        make_event(PUBLICATIONS, etat["id"], etat["sequence"], etat, instant)
        for etat in publications
    )
