"""What sending to Parcoursup and reading back from it need of the outside."""

from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from services.export.domain.calendrier_parcoursup import Reglages
from services.export.domain.disjoncteur import Disjoncteur
from services.export.domain.erreurs_parcoursup import Table
from services.export.domain.parcoursup import Reponse
from services.export.domain.precontrole_parcoursup import Attache
from services.export.domain.relecture_parcoursup import Suivie
from services.export.ports import Document


class LectureImpossible(Exception):
    """The read-back could not be had; the text is French, for an operator."""


class AccesRetire(LectureImpossible):
    """Parcoursup does not accept our credentials any more."""


class Parcoursup(Protocol):
    """The platform's web service."""

    async def envoyer(self, corps: bytes) -> Reponse:
        """Send one offer and classify the answer; never raises for what the network does."""
        ...

    async def relire(self) -> object:
        """Return the decoded read-back as it came; raises `LectureImpossible`."""
        ...


class Envois(Protocol):
    """The exchanges with Parcoursup: every one is kept."""

    async def file(self, instant: datetime) -> list[Document]:
        """Return what is ready, in the order of sending, but those in an exchange.

        An offer that alone meets transient faults comes last, and is left out for a while.
        """
        ...

    async def repondus_depuis(self, instant: datetime) -> int:
        """Return how many sendings got a final answer since then."""
        ...

    async def attaches(self, cles: Collection[str]) -> Mapping[str, Attache]:
        """Return under which place each of these keys was accepted last."""
        ...

    async def preparer(self, envoi: Document, vue: int) -> bool:
        """Keep the intent of an exchange about an offer seen at publication sequence `vue`.

        False when it is in an exchange already or has changed. Returns only once the intent is
        journaled: nothing may be sent before.
        """
        ...

    async def suspendre(self, envoi: str, reponse: Document, reprendre_le: datetime | None) -> None:
        """Keep an answer that decides nothing; the offer may be sent again after `reprendre_le`.

        None leaves the outcome unknown: it is not sent again before a complete read-back.
        """
        ...

    async def inconnus(self, avant: datetime) -> list[Document]:
        """Return the exchanges begun before `avant` whose outcome is unknown."""
        ...


class Surveillance(Protocol):
    """The stop, the circuit breaker and the alarms, shared by all processes."""

    async def arreter(self, raison: str, instant: datetime) -> None:
        """Stop the queue until an administrator lets it go."""
        ...

    async def arret(self) -> Document | None:
        """Return why the queue is stopped, if it is."""
        ...

    async def disjoncteur(self) -> Disjoncteur:
        """Return the circuit breaker as it stands."""
        ...

    async def sonder(self, vu: Disjoncteur, pas_avant: datetime) -> bool:
        """Claim the next probe of a breaker seen as `vu`; False when another process has it."""
        ...

    async def garder(self, etat: Disjoncteur, erreur: str | None) -> None:
        """Keep the circuit breaker, and the fault that moved it."""
        ...

    async def lever(self, nature: str, detail: str, instant: datetime) -> bool:
        """Raise an alarm unless it is raised already; tell whether it is new."""
        ...

    async def baisser(self, nature: str, instant: datetime) -> bool:
        """End an alarm; tell whether there was one."""
        ...


class ReglagesEnVigueur(Protocol):
    """The switch, the limit and the calendar as an administrator left them."""

    async def courants(self) -> Reglages:
        """Return the settings in force."""
        ...


class TableEnVigueur(Protocol):
    """The table of refusals as administrators made it grow."""

    async def table(self) -> Table:
        """Return the table in force: the same object until a pattern comes or goes."""
        ...


class Refusees(Protocol):
    """The offers whose past answers a table that changed may say otherwise."""

    def refusees(self) -> AsyncGenerator[list[Document], None]:
        """Yield, in batches, the offers refused once: `_id` and their answer under `retours`."""
        ...


class Relectures(Protocol):
    """The read-backs: asked for, done, and what each changed."""

    async def demander(self, demande: Document) -> None:
        """Keep a request, done by the sender's process."""
        ...

    async def prendre(self, instant: datetime, abandon: datetime) -> Document | None:
        """Take the oldest request, or one that was taken before `abandon` and never ended."""
        ...

    async def conclure(self, relecture: str, rapport: Document) -> None:
        """Keep the report of a request and end it."""
        ...

    async def derniere(self) -> Document | None:
        """Return the read-back applied last: `{lue_le, nombre}`."""
        ...

    async def derniere_demande(self) -> datetime | None:
        """Return when one was asked for last, by anyone."""
        ...

    async def avancer(self, lue_le: datetime, nombre: int) -> bool:
        """Make a read-back the one in force; False when it is not newer than that."""
        ...

    async def suivies(self) -> Sequence[Suivie]:
        """Return every offer as the read-back sees it."""
        ...
