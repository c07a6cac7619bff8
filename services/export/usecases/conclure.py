"""Writes what a sending came to: a fact of the offer, or an exchange that decides nothing."""

from dataclasses import asdict
from datetime import datetime
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
    garde = {
        "issue": reponse.issue.value,
        "statut": reponse.statut.value if reponse.statut else None,
        "identifiant": reponse.identifiant,
        "erreur": reponse.erreur,
        "reconnue": reponse.reconnue,
        "reponse": reponse.brut,
        "repondu_le": instant,
    }
    match reponse.issue:
        case Issue.ACCEPTEE | Issue.REFUSEE:
            await _appliquer(envoi, reponse, garde, base, await juges.courant(), horloge)
        case Issue.INCONNUE:
            await envois.suspendre(envoi["_id"], garde, None)
        case Issue.A_REPRENDRE | Issue.ARRET:
            await envois.suspendre(envoi["_id"], garde, instant)


async def _appliquer(
    envoi: Document, reponse: Reponse, garde: Document, base: Base, juge: Juge, horloge: Clock
) -> None:
    instant: datetime = garde["repondu_le"]

    async def travail(transaction: Transaction) -> None:
        await transaction.clore_envoi(envoi["_id"], garde)
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

    await base.transaction(travail)
