"""The one way to change what is known of an offer: its facts, then all that follows from them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from services.export.domain.projections import Juge, rejuger
from services.export.domain.publication import evenement
from services.export.ports import Document, Transaction
from services.export.usecases.projeter import evenements
from services.kernel.clock import Clock


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

    They are judged again, replaced, their decisions of `journal` appended and their publication
    events emitted, in the caller's transaction: seen together or never.
    """
    changees = [un for un in documents if rejuger(un, juge, instant, origine=None)]
    for decision in journal:
        await transaction.journaliser(decision)
    await transaction.ecrire([], documents)
    await transaction.emettre(list(evenements(map(evenement, changees), horloge)))
    return changees
