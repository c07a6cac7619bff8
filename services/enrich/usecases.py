"""What enrich does: apply a batch of offer events, in one transaction, and say what came of it."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any

import orjson

from contracts.topics import AVANCEMENT, CONSTATS, FORMATIONS, Topic
from services.enrich.domain.application import Changement, Plan, message, planifier
from services.enrich.domain.calcul import Calcul, calculer
from services.enrich.domain.enrichissement import Enrichisseur
from services.enrich.domain.evenement import Evenement
from services.enrich.domain.historique import Ecarts, ecarts
from services.enrich.domain.suivi import suivre
from services.enrich.ports import Formations, Tenue, Transaction
from services.kernel.events import Event, make_event


async def enrichir_lot(
    evenements: Sequence[Evenement],
    enrichisseur: Enrichisseur,
    formations: Formations,
    maintenant: datetime,
) -> Plan:
    """Apply events in order; return what they did once it is committed by a majority.

    Idempotent: events that come again change nothing, and are reported again. Raises what the
    transaction raises; nothing was then written.
    """
    calculs = [calculer(evenement, enrichisseur) for evenement in evenements]
    version = enrichisseur.references.version

    async def travail(transaction: Transaction) -> Plan:
        return await _appliquer(transaction, calculs, version, maintenant)

    return await formations.transaction(travail)


async def _appliquer(
    transaction: Transaction, calculs: Sequence[Calcul], version: str, maintenant: datetime
) -> Plan:
    ids = {calcul.evenement.id for calcul in calculs if not calcul.evenement.essai}
    plan = planifier(calculs, await transaction.tetes(ids), maintenant)
    await transaction.historiser(await _histoire(transaction, plan), maintenant)
    await transaction.ecrire(plan, version, maintenant)
    await transaction.publier(evenements_de(plan, maintenant))
    return plan


async def _histoire(transaction: Transaction, plan: Plan) -> list[tuple[Changement, Ecarts]]:
    """Return the changes of what existed; a creation is told by the formation itself."""
    depuis = [c for c in plan.changements if c.precedent is None and not c.nouvelle]
    avant = await transaction.etats([changement.calcul.evenement.id for changement in depuis])
    return [
        (changement, ecarts(precedent, changement.calcul.etat))
        for changement in plan.changements
        if (
            precedent := changement.precedent.etat
            if changement.precedent
            else avant.get(changement.calcul.evenement.id)
        )
    ]


def evenements_de(plan: Plan, maintenant: datetime) -> list[Event]:
    """Return the events of a plan: each new state, then what to tell the depositors."""
    suivi = suivre(plan)
    evenements = [_formation(changement, maintenant) for changement in plan.changements]
    for depot, donnees in suivi.constats:
        dernier = donnees["lignes"][-1]["ligne"]
        evenements.append(_pour_le_depot(CONSTATS, depot, dernier, donnees, maintenant))
    for depot, donnees in suivi.avancement:
        dernier = donnees["lignes"][-1][1]
        evenements.append(_pour_le_depot(AVANCEMENT, depot, dernier, donnees, maintenant))
    return evenements


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


def _formation(changement: Changement, maintenant: datetime) -> Event:
    calcul, tete = changement.calcul, changement.tete
    evenement = calcul.evenement
    donnees = message(evenement.id, tete, maintenant, evenement.origine, calcul.texte)
    return make_event(FORMATIONS, evenement.id, tete.sequence, donnees, maintenant)


def _pour_le_depot(
    topic: Topic, depot: str, dernier: int, donnees: dict[str, Any], maintenant: datetime
) -> Event:
    """Return an event named after its content: the same report made again is the same event.

    Its sequence is its last line: reports of a deposit add up, none takes the place of another.
    """
    texte = orjson.dumps(donnees)
    nom = blake2b(texte, digest_size=8).hexdigest()
    return make_event(topic, depot, dernier, texte, maintenant, id=f"{depot}.{nom}")
