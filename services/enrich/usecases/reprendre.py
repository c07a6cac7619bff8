"""Computing formations again from the offers that they rest on."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from services.enrich.domain.application import Plan, replanifier
from services.enrich.domain.calcul import calculer
from services.enrich.domain.causes import Cause, Nature
from services.enrich.domain.enrichissement import Enrichisseur
from services.enrich.domain.recalcul import Avancee, socle_de
from services.enrich.ports import Formations, Transaction
from services.enrich.usecases.ecriture import ecrire


async def reprendre(
    ids: Sequence[str],
    enrichisseur: Enrichisseur,
    formations: Formations,
    cause: Cause,
    maintenant: datetime,
    avancee: Avancee | None = None,
) -> Plan:
    """Compute formations again, in one transaction; only those that change are written and told.

    `avancee` is the step of a pass that this is, noted with what it writes. When the rules are the
    cause, the keys of unchanged ones are written anew. Idempotent under the same tables and day.
    Ids that name no formation are passed over.
    """

    async def travail(transaction: Transaction) -> Plan:
        # Before anything is read: after a barrier a lock is to be taken anew, and all done again.
        await transaction.tenir(socle_de(enrichisseur))
        reprises = await transaction.reprises(ids)
        plan = replanifier(
            [
                (calculer(reprise.evenement, enrichisseur, reprise.tete.editions), reprise.tete)
                for reprise in reprises
            ],
            cause,
        )
        plan.garde_la_suite = cause.nature == Nature.REGLES
        await ecrire(transaction, plan, enrichisseur, maintenant)
        if avancee is not None:
            await transaction.avancer(replace(avancee, changees=len(plan.changements)), maintenant)
        return plan

    return await formations.transaction(travail)
