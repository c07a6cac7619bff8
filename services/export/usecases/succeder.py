"""Settles the successions that a batch of offers makes possible, in the caller's transaction."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial

from services.export.domain.projections import Juge
from services.export.domain.succession import paires, predecesseur, regler, successeurs
from services.export.ports import Base, Document, Juges, Transaction
from services.export.usecases.faits import ecrire_faits
from services.kernel.clock import Clock, now_as_stored


async def succeder(
    transaction: Transaction,
    lot: Iterable[Document],
    juge: Juge,
    instant: datetime,
    horloge: Clock,
) -> None:
    """Settle what the offers of `lot`, already written, leave to be settled; often nothing.

    An offer that is not known yet is waited for: its own arrival settles the succession.
    """
    cibles = successeurs(lot)
    if not cibles:
        return
    connues = await _lignees(transaction, cibles)
    envoi_actif = await transaction.envoi_actif()
    touchees: dict[str, Document] = {}
    journal: list[Document] = []
    for successeur, ancienne in paires(connues, cibles):
        faits = [(un, un.get("remplacements")) for un in (successeur, ancienne)]
        journal += regler(successeur, ancienne, juge, instant, envoi_actif=envoi_actif)
        touchees |= {un["_id"]: un for un, avant in faits if un.get("remplacements") is not avant}
    if touchees:
        await ecrire_faits(
            transaction, list(touchees.values()), juge, instant, horloge, journal=journal
        )


async def succeder_parmi(ids: Sequence[str], base: Base, juges: Juges, horloge: Clock) -> None:
    """Settle what can be among these newer offers: rules or a campaign may have let them in."""
    juge = await juges.courant()
    await base.transaction(partial(_parmi, ids, juge, horloge))


async def _parmi(ids: Sequence[str], juge: Juge, horloge: Clock, transaction: Transaction) -> None:
    lot = await transaction.formations(ids)
    await succeder(transaction, lot.values(), juge, now_as_stored(horloge), horloge)


async def _lignees(transaction: Transaction, cibles: set[str]) -> dict[str, Document]:
    """Return the offers named with all those that they descend from."""
    connues: dict[str, Document] = {}
    a_lire = set(cibles)
    while a_lire:
        lues = await transaction.formations(sorted(a_lire))
        connues |= lues
        a_lire = {un for lue in lues.values() if (un := predecesseur(lue))} - connues.keys()
    return connues
