"""A person corrects a formation: the edit wins over the source, and is kept under his name."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.enrich.domain.application import Plan, Reprise, replanifier
from services.enrich.domain.calcul import calculer
from services.enrich.domain.causes import Cause, Nature
from services.enrich.domain.editions import EDITABLES, ajouter, dater, version
from services.enrich.domain.enrichissement import Enrichisseur
from services.enrich.domain.heritage import marque
from services.enrich.ports import Formations, Transaction
from services.enrich.usecases.ecriture import ecrire
from services.kernel.problem import Invalid, NotFound, PreconditionFailed


@dataclass(frozen=True, slots=True)
class Edition:
    """What a person asks of one formation.

    `valeurs` gives fields of the offer their value; a field of `renonces` gets back what the
    source says. `version` is the one that the person saw (`domain.editions.version`). `proposition`
    names the findings whose proposals the values are.
    """

    formation: str
    version: str
    auteur: str
    valeurs: Mapping[str, Any]
    renonces: frozenset[str] = frozenset()
    motif: str | None = None
    proposition: str | None = None


async def editer(
    demande: Edition,
    enrichisseur: Enrichisseur,
    formations: Formations,
    maintenant: datetime,
) -> Plan:
    """Apply an edit in one transaction; return what it did.

    Raises `NotFound`, `Invalid` for a field that nobody may edit, `PreconditionFailed` when the
    formation is no longer what the person saw. An edit that changes no state is kept all the same;
    one that says again what stands changes nothing, not even the version.
    """
    if interdits := sorted({*demande.valeurs, *demande.renonces} - EDITABLES):
        raise Invalid(f"Ces champs ne se corrigent pas ici : {', '.join(interdits)}.")

    async def travail(transaction: Transaction) -> Plan:
        reprises = await transaction.reprises([demande.formation])
        if not reprises:
            raise NotFound("Aucune formation n'a cet identifiant.")
        plan = _planifier(demande, reprises[0], enrichisseur, maintenant)
        await ecrire(transaction, plan, enrichisseur, maintenant)
        return plan

    return await formations.transaction(travail)


def _planifier(
    demande: Edition, reprise: Reprise, enrichisseur: Enrichisseur, maintenant: datetime
) -> Plan:
    tete = reprise.tete
    if version(tete.sequence, tete.editions) != demande.version:
        raise PreconditionFailed(
            "La formation a changé depuis que vous l'avez lue : relisez-la avant de la corriger.",
            extra={"sequence": tete.sequence},
        )
    offre = reprise.evenement.offre
    gardees = {
        champ: edition
        for champ, edition in (tete.editions or {}).items()
        if champ not in demande.renonces
    }
    nouvelles = dater(demande.valeurs, offre, demande.auteur, maintenant)
    editions = ajouter(gardees, nouvelles)
    calcul = calculer(reprise.evenement, enrichisseur, editions)
    champs = sorted({*demande.valeurs, *demande.renonces})
    dits = {"motif": demande.motif, "proposition": demande.proposition}
    detail = {"champs": champs, **{nom: dit for nom, dit in dits.items() if dit}}
    cause = Cause(Nature.EDITION, demande.auteur, detail=detail)
    reglee = marque(reprise.evenement, tete, champs)
    plan = replanifier([(calcul, replace(tete, editions=editions, heritage=reglee))], cause)
    plan.garde_la_suite = True
    return plan
