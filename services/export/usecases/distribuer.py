"""Takes the mails of the notices to their subscribers, each at most once a day.

The intent of a mail is kept before it is sent. A process killed in between, or an answer that was
lost, leaves its outcome unknown: it is not sent again that day, and the next notice tells again
what this one told, since nothing says that it was read.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Final, Protocol

from services.export.domain.abonnements import (
    Etat,
    Frequence,
    Issue,
    Objet,
    Rythme,
    du,
    intention,
    reprise,
)
from services.export.domain.avis import Avis, Element, dits, nouvelles
from services.export.domain.avis_courrier import (
    Contenu,
    Courrier,
    Liens,
    rediger_avis,
    rediger_confirmation,
)
from services.export.domain.avis_phrases import nommer
from services.export.ports import Document
from services.export.usecases.aviser import Registre
from services.kernel.clock import Clock, now_as_stored
from services.kernel.errors import Retry
from services.kernel.logs import logger
from services.kernel.mail import OutcomeUnknown, SenderRefused, Undeliverable

_ECHECS_MAX: Final = 3  # transient faults in a row: the server is down, not a mailbox full
_RAISON_MAX: Final = 300


class Abonnements(Protocol):
    """The subscriptions that may get a mail."""

    async def oublier_expires(self, avant: datetime) -> None:
        """Forget what was asked for before `avant` and never confirmed."""
        ...

    async def a_servir(self) -> list[Document]:
        """Return the subscriptions, suspended ones left out."""
        ...

    async def changer(self, abonnement: Document, valeurs: Document) -> Document | None:
        """Set values of a subscription that is still as it was read; None when it is not.

        Returns only once the write is journaled.
        """
        ...


class Courriels(Protocol):
    """The mail server and the addresses that a mail leads to."""

    def liens(self, abonnement: Document) -> Liens:
        """Return where a notice leads."""
        ...

    def confirmation(self, abonnement: Document) -> str:
        """Return the link that confirms a subscription."""
        ...

    async def poster(self, abonnement: Document, courrier: Courrier, objet: Objet) -> None:
        """Hand a mail over; raises as `kernel.mail.Mailer.send`."""
        ...


@dataclass(slots=True)
class Tournee:
    """How many mails left, and whether the mail server asks to be left alone for a while."""

    envoyes: int = 0
    interrompue: bool = False


class Facteur:
    """Goes round the subscriptions; one at a time does it, under a lease of the caller."""

    def __init__(
        self,
        abonnements: Abonnements,
        registre: Registre,
        courriels: Courriels,
        horloge: Clock,
        rythme: Rythme,
        delai: int,
    ) -> None:
        """Carry the notices of `registre`."""
        self._abonnements = abonnements
        self._registre = registre
        self._courriels = courriels
        self._horloge = horloge
        self._rythme = rythme
        self._delai = delai

    async def passer(self, jour: date, poursuivre: Callable[[], Awaitable[bool]]) -> Tournee:
        """Send what is due; notices only once those of `jour` are established."""
        await self._abonnements.oublier_expires(self._maintenant() - self._rythme.confirmation)
        etabli = await self._registre.etabli() == jour
        tournee, echecs = Tournee(), 0
        for abonnement in await self._abonnements.a_servir():
            if not await poursuivre():
                break
            objet = du(abonnement, jour, self._maintenant())
            if objet is None or (objet is Objet.AVIS and not etabli):
                continue
            issue = await self._servir(abonnement, objet, jour)
            tournee.envoyes += issue is Issue.ENVOYE
            echecs = echecs + 1 if issue is Issue.A_REPRENDRE else 0
            if echecs == _ECHECS_MAX:
                tournee.interrompue = True
                break
        return tournee

    async def _servir(self, abonnement: Document, objet: Objet, jour: date) -> Issue | None:
        if objet is Objet.CONFIRMATION:
            courrier = rediger_confirmation(
                nommer(abonnement["destinataire"]),
                Frequence(abonnement["frequence"]),
                self._courriels.confirmation(abonnement),
                int(self._rythme.confirmation.total_seconds() // 3600),
            )
            return await self._poster(abonnement, objet, courrier, jour, {})
        avis = (await self._registre.derniers([abonnement["destinataire"]])).get(
            abonnement["destinataire"]
        )
        lu = {"examine": jour.isoformat(), "vu": avis.version if avis else 0}
        contenu = await self._contenu(abonnement, avis, jour) if avis else None
        if contenu is None:
            await self._abonnements.changer(abonnement, lu)
            return None
        courrier = rediger_avis(contenu, self._courriels.liens(abonnement))
        return await self._poster(abonnement, objet, courrier, jour, lu)

    async def _contenu(self, abonnement: Document, avis: Avis, jour: date) -> Contenu | None:
        """Return what a subscriber has not been told; None when there is nothing."""
        destinataire, vu = abonnement["destinataire"], abonnement.get("vu")
        precedent = await self._registre.version(destinataire, vu) if vu else None
        siennes = partial(_visible, abonnement)
        news = list(filter(siennes, nouvelles(precedent, avis, self._delai)))
        if not news:
            return None
        presents = list(filter(siennes, dits(avis, self._delai)))
        examine = abonnement.get("examine")
        depuis = date.fromisoformat(examine) if examine else None
        return Contenu(nommer(destinataire), jour, depuis, presents, news, self._delai)

    async def _poster(
        self, abonnement: Document, objet: Objet, courrier: Courrier, jour: date, lu: Document
    ) -> Issue | None:
        intention_ = intention(abonnement, objet, jour, self._maintenant())
        tenu = await self._abonnements.changer(abonnement, {"courrier": intention_})
        if tenu is None:  # ended, changed or taken by another since it was read
            return None
        issue, erreur = await self._remettre(tenu, courrier, objet)
        instant = self._maintenant()
        suite = {Issue.ENVOYE: lu, Issue.REFUSE: {"etat": Etat.SUSPENDU.value}}.get(issue, {})
        reprendre = reprise(intention_, instant, self._rythme)
        conclu = {
            **intention_,
            "issue": issue.value,
            "erreur": erreur,
            "reprendre_le": reprendre if issue is Issue.A_REPRENDRE else None,
        }
        await self._abonnements.changer(tenu, {**suite, "courrier": conclu})
        return issue

    async def _remettre(
        self, abonnement: Document, courrier: Courrier, objet: Objet
    ) -> tuple[Issue, str | None]:
        """Hand a mail over; return what became of it, and why."""
        try:
            await self._courriels.poster(abonnement, courrier, objet)
        except OutcomeUnknown as faute:
            return Issue.INCONNUE, _dire(faute)
        except SenderRefused as faute:
            _signaler(faute)
            return Issue.A_REPRENDRE, _dire(faute)
        except Undeliverable as faute:
            return Issue.REFUSE, _dire(faute)
        except Retry as faute:
            return Issue.A_REPRENDRE, _dire(faute)
        return Issue.ENVOYE, None

    def _maintenant(self) -> datetime:
        return now_as_stored(self._horloge)


def _signaler(faute: SenderRefused) -> None:
    # Ours to mend, not the reader's: the server refuses whatever we send.
    logger.error("courriel_refuse_a_l_expediteur", erreur=_dire(faute))


def _dire(faute: Exception) -> str:
    return str(faute)[:_RAISON_MAX]


def _visible(abonnement: Document, element: Element) -> bool:
    return element["plateforme"] is None or element["plateforme"] in abonnement["plateformes"]
