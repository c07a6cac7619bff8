"""Settling successions: what a person set on an offer goes on to the one that replaces it."""

from collections.abc import Collection, Iterable
from datetime import datetime

from services.enrich.domain.application import Plan, Reprise, replanifier
from services.enrich.domain.calcul import calculer
from services.enrich.domain.causes import Cause, Nature
from services.enrich.domain.enrichissement import Enrichisseur
from services.enrich.domain.heritage import HERITE, Succession, a_lire, successions
from services.enrich.ports import Formations, Transaction
from services.enrich.usecases.ecriture import ecrire


async def heriter(
    ids: Collection[str], enrichisseur: Enrichisseur, formations: Formations, maintenant: datetime
) -> None:
    """Settle, in one transaction, what can be of the successions of these formations.

    To be called once the events of either end are committed: whichever of the two is the last sees
    the other. Idempotent. An edit made at the same time is either seen or made afterwards.
    """

    async def travail(transaction: Transaction) -> None:
        trouvees = successions(await _lignees(transaction, ids))
        if not trouvees:
            return
        await transaction.regler(
            {une.successeur.evenement.id: une.predecesseur for une in trouvees}, maintenant
        )
        heritees = [une for une in trouvees if une.herite]
        if heritees:
            await ecrire(transaction, _plan(heritees, enrichisseur), enrichisseur, maintenant)

    await formations.transaction(travail)


async def _lignees(transaction: Transaction, ids: Collection[str]) -> dict[str, Reprise]:
    """Return the formations named with all those whose successions depend on one another."""
    connues: dict[str, Reprise] = {}
    demandees: set[str] = set()
    reste = set(ids)
    while reste:
        demandees |= reste
        lues = await transaction.reprises(sorted(reste))
        connues |= {reprise.evenement.id: reprise for reprise in lues}
        reste = {nom for reprise in lues for nom in a_lire(reprise)} - demandees
    return connues


def _plan(heritees: Iterable[Succession], enrichisseur: Enrichisseur) -> Plan:
    plan = Plan(muet=True, garde_la_suite=True)
    for une in heritees:
        evenement, tete = une.successeur.evenement, une.successeur.tete
        editions = tete.editions or {}
        calcul = calculer(evenement, enrichisseur, editions)
        detail = {"champs": [HERITE], "herite_de": une.predecesseur}
        cause = Cause(Nature.SUCCESSION, editions[HERITE]["auteur"], detail=detail)
        fait = replanifier([(calcul, tete)], cause)
        plan.changements += fait.changements
        plan.inchanges += fait.inchanges
    return plan
