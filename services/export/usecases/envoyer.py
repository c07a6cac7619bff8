"""Sends the offers that are ready to Parcoursup, each at most once (domain.md §4.1).

An intent is journaled before anything is sent. A process killed between the intent and the answer
leaves an exchange whose outcome is unknown: it is not sent again until a complete read-back of the
platform has told that the offer is not there.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

import orjson

from contracts.statuts import Plateforme, Statut
from services.export.domain.parcoursup import Issue, Reponse, charge_utile, reponse_de_relecture
from services.export.domain.statut import Retour
from services.export.ports import Base, Document, Envois, Juges, Transaction
from services.export.usecases.faits import ecrire_faits
from services.kernel.clock import Clock, now_as_stored
from services.kernel.errors import Contention
from services.kernel.ids import Ids
from services.kernel.logs import logger

T = TypeVar("T")

_NOM = Plateforme.PARCOURSUP.value


class Parcoursup(Protocol):
    """The platform's web service."""

    async def envoyer(self, corps: bytes) -> Reponse:
        """Send one offer and classify the answer; never raises for what the network does."""
        ...

    async def relire(self) -> list[Mapping[str, Any]] | None:
        """Return the complete read-back, None when it is not available."""
        ...


@dataclass(frozen=True, slots=True)
class Limites:
    """How fast is sent again, and how many offers a day."""

    par_jour: int
    lot: int
    reprise_min_s: float
    reprise_max_s: float
    inconnu_s: float


@dataclass(frozen=True, slots=True)
class Passe:
    """What one look at the queue did; `pause_s` is how long the platform asks to be left alone."""

    envoyees: int = 0
    pause_s: float = 0.0
    arretee: bool = False


class Expediteur:
    """Sends the queue, one offer at a time, in order."""

    def __init__(
        self,
        base: Base,
        juges: Juges,
        envois: Envois,
        plateforme: Parcoursup,
        horloge: Clock,
        ids: Ids,
        limites: Limites,
    ) -> None:
        """Send through these ports."""
        self._base = base
        self._juges = juges
        self._envois = envois
        self._plateforme = plateforme
        self._horloge = horloge
        self._ids = ids
        self._limites = limites
        self._echecs_de_suite = 0

    async def passer(
        self, debut_du_jour: datetime, continuer: Callable[[], bool] = lambda: True
    ) -> Passe:
        """Settle unknown outcomes, then send what is ready, until done or told to wait or to stop.

        A transient fault ends the look: the offer stays `prêt`, in its place, and the pause grows
        with each such fault in a row.
        """
        if await self._envois.arret() is not None:
            return Passe(arretee=True)
        await self._resoudre_inconnus()
        reste = self._limites.par_jour - await self._envois.repondus_depuis(debut_du_jour)
        if reste <= 0:
            return Passe()
        envoyees = 0
        for offre in await self._envois.file(min(reste, self._limites.lot)):
            if not continuer():
                break
            issue = await self._sans_bloquer(self._envoyer(offre))
            if issue is None:
                continue
            if issue is Issue.ARRET:
                return Passe(envoyees, arretee=True)
            if issue is Issue.A_REPRENDRE:
                self._echecs_de_suite += 1
                return Passe(envoyees, pause_s=self._pause())
            self._echecs_de_suite = 0
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

    def _pause(self) -> float:
        doublee = self._limites.reprise_min_s * 2 ** min(self._echecs_de_suite - 1, 16)
        return float(min(self._limites.reprise_max_s, doublee))

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
        envoi = {
            "_id": self._ids.new(),
            "formation": offre["_id"],
            "cle": offre["projection"].get("cle_ministere_educatif"),
            "decision": decision.get("numero", 0),
            "corps": corps.decode(),
            "commence_le": now_as_stored(self._horloge),
            "ouvert": True,
            "issue": None,
        }
        if not await self._envois.preparer(envoi, offre["publication"]["sequence"]):
            return None
        reponse = await self._plateforme.envoyer(corps)
        await self._conclure(envoi, reponse)
        return reponse.issue

    async def _conclure(self, envoi: Document, reponse: Reponse) -> None:
        instant = now_as_stored(self._horloge)
        garde = {
            "issue": reponse.issue.value,
            "statut": reponse.statut.value if reponse.statut else None,
            "identifiant": reponse.identifiant,
            "erreur": reponse.erreur,
            "repondu_le": instant,
        }
        match reponse.issue:
            case Issue.ACCEPTEE | Issue.REFUSEE:
                await self._appliquer(envoi, reponse, garde)
            case Issue.INCONNUE:
                await self._envois.suspendre(envoi["_id"], garde, None)
            case Issue.A_REPRENDRE:
                await self._envois.suspendre(envoi["_id"], garde, instant)
            case Issue.ARRET:
                await self._envois.suspendre(envoi["_id"], garde, instant)
                await self._envois.arreter(reponse.erreur or "", instant)

    async def _appliquer(self, envoi: Document, reponse: Reponse, garde: Document) -> None:
        """Write the answer as a fact, with what it changes, in one transaction."""
        juge = await self._juges.courant()
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
                )
            )
            fait["statut"] = reponse.statut.value if reponse.statut else None
            document = {**tenue, "retours": {**retours, _NOM: fait}}
            await ecrire_faits(transaction, [document], juge, instant, self._horloge)

        await self._base.transaction(travail)

    async def _resoudre_inconnus(self) -> None:
        avant = now_as_stored(self._horloge) - timedelta(seconds=self._limites.inconnu_s)
        inconnus = await self._envois.inconnus(avant)
        if not inconnus:
            return
        lignes = await self._plateforme.relire()
        if lignes is None:
            return
        await self._rapprocher(inconnus, {str(ligne.get("rco")): ligne for ligne in lignes})

    async def _rapprocher(
        self, inconnus: Sequence[Document], lues: Mapping[str, Mapping[str, Any]]
    ) -> None:
        instant = now_as_stored(self._horloge)
        for envoi in inconnus:
            reponse = reponse_de_relecture(lues.get(envoi["cle"] or ""))
            if reponse.issue is Issue.A_REPRENDRE:
                garde = {"issue": reponse.issue.value, "erreur": reponse.erreur}
                await self._envois.suspendre(envoi["_id"], garde, instant)
            else:
                await self._sans_bloquer(self._conclure(envoi, reponse))
