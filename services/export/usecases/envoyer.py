"""Sends the offers that are ready to Parcoursup, each at most once (domain.md §4.1).

An intent is journaled before anything is sent. A process killed between the intent and the answer
leaves an exchange whose outcome is unknown: it is not sent again until a complete read-back of the
platform has told that the offer is not there.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, TypeVar

import orjson

from contracts.statuts import Plateforme
from services.export.domain.calendrier_parcoursup import debut_du_jour, fermeture
from services.export.domain.disjoncteur import Disjoncteur, Seuils, apres_une_panne
from services.export.domain.erreurs_reconnues import juger_erreur
from services.export.domain.parcoursup import Issue, Reponse, charge_utile
from services.export.ports import Base, Document, Juges
from services.export.ports_parcoursup import (
    Envois,
    Parcoursup,
    ReglagesEnVigueur,
    Surveillance,
    TableEnVigueur,
)
from services.export.usecases.conclure import conclure
from services.export.usecases.retenir import retenir
from services.kernel.clock import Clock, now_as_stored
from services.kernel.errors import Contention
from services.kernel.ids import Ids
from services.kernel.logs import logger

T = TypeVar("T")

_NOM: Final = Plateforme.PARCOURSUP.value
INDISPONIBLE: Final = "parcoursup_indisponible"
IDENTIFIANTS_REFUSES: Final = "identifiants_refuses"


@dataclass(frozen=True, slots=True)
class Limites:
    """How many offers one look sends, how faults are met, how long a probe may last."""

    lot: int
    seuils: Seuils
    delai_s: float


@dataclass(frozen=True, slots=True)
class Moyens:
    """What the sender works with."""

    base: Base
    juges: Juges
    envois: Envois
    surveillance: Surveillance
    reglages: ReglagesEnVigueur
    erreurs: TableEnVigueur
    plateforme: Parcoursup
    horloge: Clock
    ids: Ids


@dataclass(frozen=True, slots=True)
class Passe:
    """What one look at the queue did; `pause_s` is how long the platform is to be left alone.

    `ferme` says, in French, why nothing may be sent now: switch, calendar, daily limit.
    """

    envoyees: int = 0
    pause_s: float = 0.0
    arretee: bool = False
    ferme: str | None = None
    indisponible: bool = False


class Expediteur:
    """Sends the queue, one offer at a time, in order."""

    def __init__(self, moyens: Moyens, limites: Limites) -> None:
        """Send through these ports."""
        self._moyens = moyens
        self._limites = limites

    async def passer(self, continuer: Callable[[], bool] = lambda: True) -> Passe:
        """Hold back what would be refused, then send what is ready, until done or told to wait.

        A transient fault ends the look: the offer stays `prêt`, in its place, and the pause grows
        with each such fault in a row.
        """
        moyens = self._moyens
        if await moyens.surveillance.arret() is not None:
            return Passe(arretee=True)
        instant = moyens.horloge.now()
        reglages = await moyens.reglages.courants()
        ferme = fermeture(reglages, instant)
        reste = reglages.limite - await moyens.envois.repondus_depuis(debut_du_jour(instant))
        if ferme is None and reste <= 0:
            ferme = f"La limite du jour est atteinte ({reglages.limite} offres)."
        etat = await moyens.surveillance.disjoncteur()
        attente = etat.attente_s(instant)
        if attente and ferme is None:
            return Passe(pause_s=attente, indisponible=etat.ouvert)
        file = await moyens.envois.file(instant)
        prochaines = await self._sans_bloquer(
            retenir(
                file,
                max(0, min(reste, self._limites.lot)),
                moyens.base,
                moyens.juges,
                moyens.envois,
                moyens.horloge,
            )
        )
        if ferme is not None:
            return Passe(ferme=ferme)
        return await self._envoyer_tout(prochaines or [], etat, continuer)

    async def _envoyer_tout(
        self, offres: list[Document], etat: Disjoncteur, continuer: Callable[[], bool]
    ) -> Passe:
        envoyees = 0
        if offres and not await self._tenir_la_sonde(etat):
            return Passe(pause_s=self._limites.seuils.pause_min_s)
        for offre in offres:
            if not continuer():
                break
            issue = await self._sans_bloquer(self._envoyer(offre))
            if issue is None:
                continue
            if issue is Issue.ARRET:
                return Passe(envoyees, arretee=True)
            if issue in (Issue.A_REPRENDRE, Issue.INCONNUE):
                etat = await self._noter_une_panne(etat, offre["_id"])
                # A lost answer may be one offer's bad luck: the next one tells.
                if issue is Issue.A_REPRENDRE or etat.ouvert:
                    repos = etat.attente_s(self._moyens.horloge.now())
                    return Passe(envoyees, pause_s=repos, indisponible=etat.ouvert)
                continue
            etat = await self._refermer(etat)
            envoyees += 1
        return Passe(envoyees)

    async def _sans_bloquer(self, travail: Awaitable[T]) -> T | None:
        """Do what concerns one offer; None when another transaction holds it for now.

        A sender killed in its transaction leaves it open on the server for up to a minute: only its
        offer waits. An answer that could not be written is found again by the read-back.
        """
        try:
            return await travail
        except Contention as conflit:
            logger.warning("offre_occupee", erreur=str(conflit)[:200])
            return None

    async def _tenir_la_sonde(self, etat: Disjoncteur) -> bool:
        """Make sure that, after a fault, one process alone tries the platform again."""
        if etat.pas_avant is None:
            return True
        fin = now_as_stored(self._moyens.horloge) + timedelta(seconds=self._limites.delai_s)
        return await self._moyens.surveillance.sonder(etat, fin)

    async def _noter_une_panne(self, etat: Disjoncteur, formation: str) -> Disjoncteur:
        instant = now_as_stored(self._moyens.horloge)
        suivant = apres_une_panne(etat, instant, self._limites.seuils)
        surveillance = self._moyens.surveillance
        await surveillance.garder(suivant, formation)
        if suivant.ouvert:
            detail = f"{suivant.echecs} échanges de suite sans réponse utilisable."
            if await surveillance.lever(INDISPONIBLE, detail, instant):
                logger.error("parcoursup_indisponible", echecs=suivant.echecs)
        return suivant

    async def _refermer(self, etat: Disjoncteur) -> Disjoncteur:
        if etat.echecs == 0:
            return etat
        surveillance = self._moyens.surveillance
        await surveillance.garder(Disjoncteur(), None)
        if await surveillance.baisser(INDISPONIBLE, now_as_stored(self._moyens.horloge)):
            logger.info("parcoursup_de_retour", echecs=etat.echecs)
        return Disjoncteur()

    async def _envoyer(self, offre: Document) -> Issue | None:
        """Send one offer; None when another sender has it."""
        decision = (offre.get("decisions") or {}).get(_NOM) or {}
        retour = (offre.get("retours") or {}).get(_NOM) or {}
        corps = orjson.dumps(
            charge_utile(
                offre["projection"],
                identifiant=retour.get("identifiant"),
                demandeur=decision.get("auteur"),
            )
        )
        moyens = self._moyens
        envoi = {
            "_id": moyens.ids.new(),
            "formation": offre["_id"],
            "cle": offre["projection"].get("cle_ministere_educatif"),
            "uai": offre["projection"].get("uai_formation"),
            "decision": decision.get("numero", 0),
            "corps": corps.decode(),
            "commence_le": now_as_stored(moyens.horloge),
            "ouvert": True,
            "issue": None,
        }
        if not await moyens.envois.preparer(envoi, offre["publication"]["sequence"]):
            return None
        reponse = await self._juger(await moyens.plateforme.envoyer(corps))
        await conclure(envoi, reponse, moyens.base, moyens.juges, moyens.envois, moyens.horloge)
        if reponse.issue is Issue.ARRET:
            await self._arreter(reponse.erreur or "")
        return reponse.issue

    async def _juger(self, reponse: Reponse) -> Reponse:
        """Give a refusal what the table says of it, as administrators made it grow."""
        if reponse.issue is not Issue.REFUSEE or not reponse.erreur:
            return reponse
        table = await self._moyens.erreurs.table()
        statut, reconnue = juger_erreur(reponse.erreur, table)
        return replace(reponse, statut=statut, reconnue=reconnue)

    async def _arreter(self, raison: str) -> None:
        instant: datetime = now_as_stored(self._moyens.horloge)
        await self._moyens.surveillance.arreter(raison, instant)
        if await self._moyens.surveillance.lever(IDENTIFIANTS_REFUSES, raison, instant):
            logger.error("file_parcoursup_arretee", raison=raison[:200])
