"""Writing a plan: history, states and events in one transaction."""

from datetime import datetime
from hashlib import blake2b
from typing import Any

import orjson

from contracts.topics import AVANCEMENT, CONSTATS, FORMATIONS, Topic
from services.enrich.domain.application import Changement, Plan, message
from services.enrich.domain.enrichissement import Enrichisseur
from services.enrich.domain.historique import Ecarts, ecarts
from services.enrich.domain.recalcul import socle_de
from services.enrich.domain.suivi import suivre
from services.enrich.ports import Transaction
from services.kernel.events import Event, make_event


async def ecrire(
    transaction: Transaction, plan: Plan, enrichisseur: Enrichisseur, maintenant: datetime
) -> None:
    """Write what a plan changes, as `enrichisseur` computed it.

    Raises `ports.SocleDepasse` when formations may no more be computed from its tables or day.
    """
    socle = socle_de(enrichisseur)
    await transaction.tenir(socle)
    await transaction.historiser(await _histoire(transaction, plan), maintenant)
    await transaction.ecrire(plan, socle.version, maintenant)
    await transaction.publier(evenements_de(plan, maintenant))


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
    evenements = [_formation(changement, maintenant) for changement in plan.changements]
    if plan.muet:
        return evenements
    suivi = suivre(plan)
    for depot, donnees in suivi.constats:
        dernier = donnees["lignes"][-1]["ligne"]
        evenements.append(_pour_le_depot(CONSTATS, depot, dernier, donnees, maintenant))
    for depot, donnees in suivi.avancement:
        dernier = donnees["lignes"][-1][1]
        evenements.append(_pour_le_depot(AVANCEMENT, depot, dernier, donnees, maintenant))
    return evenements


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
