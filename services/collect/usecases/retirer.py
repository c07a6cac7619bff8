"""Withdraw an offer, or give it to another depositor: states of it, each with its sequence."""

from dataclasses import dataclass
from datetime import datetime

from contracts.evenements import Etat
from contracts.topics import OFFRES
from services.collect.domain.tenue import Tenue, evenement
from services.collect.ports import Offres, Transaction
from services.kernel.events import make_event
from services.kernel.problem import Conflict, Forbidden, NotFound


@dataclass(frozen=True, slots=True)
class Demandeur:
    """Who asks: `titulaire` owns what he deposited; an administrator may touch everything."""

    titulaire: str
    administrateur: bool


async def retirer(
    id_: str, motif: str, demandeur: Demandeur, offres: Offres, maintenant: datetime
) -> Tenue:
    """Withdraw an offer; one that is withdrawn already stays as it is.

    Raises:
        NotFound: no such offer.
        Forbidden: another depositor holds it.
        Conflict: it was replaced: what lives is its successor.
    """

    async def travail(transaction: Transaction) -> Tenue:
        tenue = await _tenir(id_, demandeur, transaction)
        if tenue.etat == Etat.RETIREE:
            return tenue
        if tenue.etat == Etat.REMPLACEE:
            raise Conflict(
                f"Cette offre a été remplacée par {tenue.remplacee_par} ; retirez celle-ci.",
                code="offre_remplacee",
                extra={"remplacee_par": tenue.remplacee_par},
            )
        tenue.etat, tenue.motif = Etat.RETIREE, motif
        await _ecrire(tenue, transaction, maintenant)
        return tenue

    return await offres.transaction(travail)


async def transferer(
    id_: str, deposant: str, demandeur: Demandeur, offres: Offres, maintenant: datetime
) -> Tenue:
    """Give an offer to another depositor; his references start with his next deposit.

    Raises:
        NotFound: no such offer.
    """

    async def travail(transaction: Transaction) -> Tenue:
        tenue = await _tenir(id_, demandeur, transaction)
        if tenue.deposant == deposant:
            return tenue
        propres = (f"ref:{tenue.deposant}:", f"doc:{tenue.deposant}:")
        restants = [alias for alias in tenue.aliases if not alias.startswith(propres)]
        tenue.aliases = restants or [f"id:{tenue.id}"]
        tenue.deposant = deposant
        await _ecrire(tenue, transaction, maintenant)
        return tenue

    return await offres.transaction(travail)


async def _tenir(id_: str, demandeur: Demandeur, transaction: Transaction) -> Tenue:
    tenue = (await transaction.entieres([id_])).get(id_)
    if tenue is None:
        raise NotFound("Aucune offre n'a cet identifiant.", code="offre_inconnue")
    if not demandeur.administrateur and tenue.deposant != demandeur.titulaire:
        raise Forbidden(
            "Cette offre est tenue par un autre déposant.", code="offre_d_un_autre_deposant"
        )
    return tenue


async def _ecrire(tenue: Tenue, transaction: Transaction, maintenant: datetime) -> None:
    tenue.sequence += 1
    tenue.recue_le = maintenant
    tenue.depot = None  # no line of a deposit asked for this
    await transaction.remplacer([tenue])
    await transaction.publier(
        [make_event(OFFRES, tenue.id, tenue.sequence, evenement(tenue), maintenant)]
    )
