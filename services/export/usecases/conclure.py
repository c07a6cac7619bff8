"""Writes what a sending came to: a fact of the offer, or an exchange that decides nothing."""

from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Final

from contracts.statuts import Plateforme, Statut
from services.export.domain.parcoursup import Issue, Reponse
from services.export.domain.projections import Juge
from services.export.domain.statut import Retour
from services.export.ports import Base, Document, Juges, Transaction
from services.export.ports_parcoursup import Envois
from services.export.usecases.faits import ecrire_faits
from services.kernel.clock import Clock, now_as_stored

_NOM: Final = Plateforme.PARCOURSUP.value


async def conclure(
    envoi: Document, reponse: Reponse, base: Base, juges: Juges, envois: Envois, horloge: Clock
) -> None:
    """Keep an answer with its exchange; a final one is written on the offer, in one transaction."""
    instant = now_as_stored(horloge)
    match reponse.issue:
        case Issue.ACCEPTEE | Issue.REFUSEE:
            juge = await juges.courant()
            await base.transaction(partial(_ecrire, envoi, reponse, instant, juge, horloge))
        case Issue.INCONNUE:
            await envois.suspendre(envoi["_id"], _garde(reponse, instant), None)
        case Issue.A_REPRENDRE | Issue.ARRET:
            await envois.suspendre(envoi["_id"], _garde(reponse, instant), instant)


async def conclure_par_relecture(
    envoi: Document, reponse: Reponse, lue_le: datetime, base: Base, juges: Juges, horloge: Clock
) -> bool:
    """Keep what a read-back tells of a lost answer; False, and nothing, when a newer one came."""
    instant = now_as_stored(horloge)
    juge = await juges.courant()

    async def travail(transaction: Transaction) -> bool:
        if await transaction.relecture_en_vigueur() != lue_le:
            return False
        if reponse.issue is Issue.A_REPRENDRE:
            await transaction.clore_envoi(envoi["_id"], _garde(reponse, instant))
        else:
            await _ecrire(envoi, reponse, instant, juge, horloge, transaction)
        return True

    return await base.transaction(travail)


def _garde(reponse: Reponse, instant: datetime) -> Document:
    return {
        "issue": reponse.issue.value,
        "statut": reponse.statut.value if reponse.statut else None,
        "identifiant": reponse.identifiant,
        "erreur": reponse.erreur,
        "reconnue": reponse.reconnue,
        "reponse": reponse.brut,
        "repondu_le": instant,
    }


async def _ecrire(
    envoi: Document,
    reponse: Reponse,
    instant: datetime,
    juge: Juge,
    horloge: Clock,
    transaction: Transaction,
) -> None:
    await transaction.clore_envoi(envoi["_id"], _garde(reponse, instant))
    tenue = (await transaction.formations([envoi["formation"]])).get(envoi["formation"])
    if tenue is None:
        return
    retours = tenue.get("retours") or {}
    fait = asdict(
        Retour(
            decision=envoi["decision"],
            statut=reponse.statut,
            campagne=juge.contextes[Plateforme.PARCOURSUP].campagne.id,
            recu_le=instant,
            identifiant=reponse.identifiant or (retours.get(_NOM) or {}).get("identifiant"),
            erreur=reponse.erreur,
            publiee_le=instant if reponse.statut is Statut.PUBLIE else None,
            reconnue=reponse.reconnue,
        )
    )
    fait["statut"] = reponse.statut.value if reponse.statut else None
    document = {**tenue, "retours": {**retours, _NOM: fait}}
    await ecrire_faits(transaction, [document], juge, instant, horloge)
