"""Gives the failures that a grown table recognises the status that it says."""

from collections.abc import Sequence
from typing import Final

from contracts.statuts import Plateforme, Statut
from services.export.domain.erreurs_parcoursup import Table
from services.export.domain.parcoursup import statut_d_erreur
from services.export.ports import Base, Document, Juges, Transaction
from services.export.usecases.faits import ecrire_faits
from services.kernel.clock import Clock, now_as_stored

_NOM: Final = Plateforme.PARCOURSUP.value
_LOT: Final = 500


async def reclasser(
    en_echec: Sequence[str], table: Table, base: Base, juges: Juges, horloge: Clock
) -> int:
    """Write a new answer on the offers at échec whose text is known by now; return how many.

    The exchange stays as it was. An answer that came since is left alone.
    """
    reclassees = 0
    for debut in range(0, len(en_echec), _LOT):
        reclassees += await _un_lot(en_echec[debut : debut + _LOT], table, base, juges, horloge)
    return reclassees


async def _un_lot(
    ids: Sequence[str], table: Table, base: Base, juges: Juges, horloge: Clock
) -> int:
    juge = await juges.courant()

    async def travail(transaction: Transaction) -> int:
        instant = now_as_stored(horloge)
        documents: list[Document] = []
        for tenue in (await transaction.formations(ids)).values():
            retours = tenue.get("retours") or {}
            retour = retours.get(_NOM) or {}
            if retour.get("statut") != Statut.ECHEC or not retour.get("erreur"):
                continue
            statut = statut_d_erreur(retour["erreur"], table)
            if statut is not Statut.ECHEC:
                fait = {**retour, "statut": statut.value, "reclasse_le": instant}
                documents.append({**tenue, "retours": {**retours, _NOM: fait}})
        await ecrire_faits(transaction, documents, juge, instant, horloge)
        return len(documents)

    return await base.transaction(travail)
