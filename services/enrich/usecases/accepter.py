"""Accepting one proposal for several formations: where it stands, it becomes an edit."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from services.enrich.domain.acceptation import Proposition, corrections
from services.enrich.domain.application import Tete, replanifier
from services.enrich.domain.calcul import Calcul, calculer
from services.enrich.domain.causes import Cause, Nature
from services.enrich.domain.editions import ajouter, dater
from services.enrich.domain.enrichissement import Enrichisseur
from services.enrich.ports import Formations, Transaction
from services.enrich.usecases.ecriture import ecrire


async def accepter(
    ids: Sequence[str],
    acceptee: Proposition,
    auteur: str,
    enrichisseur: Enrichisseur,
    formations: Formations,
    maintenant: datetime,
) -> list[str]:
    """Correct, in one transaction, the formations where the proposal stands; return their ids.

    Repeating it is harmless: where it was applied, the finding is gone.
    """

    async def travail(transaction: Transaction) -> list[str]:
        etats = await transaction.etats(ids)
        corriges: list[tuple[Calcul, Tete]] = []
        for reprise in await transaction.reprises(ids):
            evenement, tete = reprise.evenement, reprise.tete
            valeurs = corrections(etats[evenement.id]["constats"], acceptee)
            if valeurs:
                nouvelles = dater(valeurs, evenement.offre, auteur, maintenant)
                editions = ajouter(tete.editions or {}, nouvelles)
                calcul = calculer(evenement, enrichisseur, editions)
                corriges.append((calcul, replace(tete, editions=editions)))
        cause = Cause(Nature.EDITION, auteur, detail={"proposition": acceptee.code})
        plan = replanifier(corriges, cause)
        plan.garde_la_suite = True
        await ecrire(transaction, plan, enrichisseur, maintenant)
        return sorted(calcul.evenement.id for calcul, _ in corriges)

    return await formations.transaction(travail)
