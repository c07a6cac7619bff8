"""Computing formations again from the offers that they rest on."""

from collections.abc import Sequence
from datetime import datetime

from services.enrich.domain.application import Plan, replanifier
from services.enrich.domain.calcul import calculer
from services.enrich.domain.causes import Cause
from services.enrich.domain.enrichissement import Enrichisseur
from services.enrich.ports import Formations, Transaction
from services.enrich.usecases.ecriture import ecrire


async def reprendre(
    ids: Sequence[str],
    enrichisseur: Enrichisseur,
    formations: Formations,
    cause: Cause,
    maintenant: datetime,
) -> Plan:
    """Compute formations again, in one transaction; only those that change are written and told.

    Idempotent under the same tables and day. Ids that name no formation are passed over.
    """

    async def travail(transaction: Transaction) -> Plan:
        reprises = await transaction.reprises(ids)
        plan = replanifier(
            [
                (calculer(reprise.evenement, enrichisseur, reprise.tete.editions), reprise.tete)
                for reprise in reprises
            ],
            cause,
        )
        await ecrire(transaction, plan, enrichisseur.references.version, maintenant)
        return plan

    return await formations.transaction(travail)
