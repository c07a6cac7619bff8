"""Applying a batch of offer events, in one transaction."""

from collections.abc import Sequence
from datetime import datetime

from services.enrich.domain.application import Plan, planifier
from services.enrich.domain.calcul import Calcul, calculer
from services.enrich.domain.enrichissement import Enrichisseur
from services.enrich.domain.evenement import Evenement
from services.enrich.domain.heritage import successeurs
from services.enrich.ports import Formations, Transaction
from services.enrich.usecases.ecriture import ecrire
from services.enrich.usecases.heriter import heriter


async def enrichir_lot(
    evenements: Sequence[Evenement],
    enrichisseur: Enrichisseur,
    formations: Formations,
    maintenant: datetime,
) -> Plan:
    """Apply events in order; return what they did once it is committed by a majority.

    Successions that they tell of are settled in a second transaction. Idempotent: events that come
    again change nothing, are reported again, and settle what could not be. Raises what the
    transactions raise; the first has then written all or nothing.
    """
    calculs = [calculer(evenement, enrichisseur) for evenement in evenements]

    async def travail(transaction: Transaction) -> Plan:
        return await _appliquer(transaction, calculs, enrichisseur, maintenant)

    plan = await formations.transaction(travail)
    if a_regler := successeurs(plan):
        await heriter(a_regler, enrichisseur, formations, maintenant)
    return plan


async def _appliquer(
    transaction: Transaction,
    calculs: Sequence[Calcul],
    enrichisseur: Enrichisseur,
    maintenant: datetime,
) -> Plan:
    ids = {calcul.evenement.id for calcul in calculs if not calcul.evenement.essai}
    tetes = await transaction.tetes(ids)
    corriges = {nom: tete.editions for nom, tete in tetes.items() if tete.editions}
    if corriges:
        # Few formations bear an edit: computing theirs twice spares a read before every batch.
        calculs = [
            calculer(calcul.evenement, enrichisseur, editions)
            if (editions := corriges.get(calcul.evenement.id))
            else calcul
            for calcul in calculs
        ]
    plan = planifier(calculs, tetes, maintenant)
    await ecrire(transaction, plan, enrichisseur, maintenant)
    return plan
