"""The stores of one export under test, and the offers that its suites put there."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Protocol

from contracts.statuts import Plateforme
from contracts.topics import PUBLICATIONS
from services.export.domain.projections import Juge, planifier, rejuger
from services.export.ports import (
    Base,
    Document,
    Juges,
    Lots,
    Reevaluations,
    Regles,
    Transaction,
)
from services.export.ports_imports import Imports
from services.export.ports_operations import Operations
from services.export.ports_parcoursup import (
    Envois,
    Refusees,
    ReglagesEnVigueur,
    Relectures,
    Surveillance,
    TableEnVigueur,
)
from services.kernel.events import Event, make_event
from tests.unit.export.fabrique import CLE, INSTANT, JOUR, evenement, juge, offre, regle

JUGE: Final = juge(regle(), regle(Plateforme.AFFELNET, id="a"))
DEBUT: Final = date(2020, 9, 15)


class Erreurs(TableEnVigueur, Refusees, Protocol):
    """The table of refusals, what makes it grow, and whom it concerns."""

    async def ajouter(self, motif: Document) -> bool: ...
    async def retirer(self, code: str, par: str, instant: datetime) -> bool: ...


@dataclass
class Jour:
    """The business day, which a test moves."""

    present: date = JOUR

    def __call__(self) -> date:
        return self.present


@dataclass
class Banc:
    """Every port on one store; `compter` tells how many of `HISTOIRES` are kept."""

    base: Base
    lots: Lots
    regles: Regles
    juges: Juges
    reevaluations: Reevaluations
    operations: Operations
    imports: Imports
    envois: Envois
    surveillance: Surveillance
    reglages: ReglagesEnVigueur
    erreurs: Erreurs
    relectures: Relectures
    compter: Callable[[str], Awaitable[int]]
    jour: Jour = field(default_factory=Jour)

    async def poser(self, *offres: Document) -> None:
        """Store new offers."""
        await self.base.transaction(lambda transaction: transaction.ecrire(list(offres), []))

    async def lire(self, id_: str) -> Document:
        """Return an offer as stored."""

        async def travail(transaction: Transaction) -> Document:
            return (await transaction.formations([id_]))[id_]

        return await self.base.transaction(travail)

    async def recrire(self, id_: str, **parties: object) -> Document:
        """Write parts of an offer; return it as stored then."""

        async def travail(transaction: Transaction) -> None:
            (tenue,) = (await transaction.formations([id_])).values()
            await transaction.ecrire([], [tenue | parties])

        await self.base.transaction(travail)
        return await self.lire(id_)

    async def journaliser(self, *entrees: Document) -> None:
        """Append decisions to the journal."""

        async def travail(transaction: Transaction) -> None:
            for entree in entrees:
                await transaction.journaliser(entree)

        await self.base.transaction(travail)

    async def clore(self, envoi: str, reponse: Document) -> None:
        """End an exchange by an answer."""
        await self.base.transaction(lambda transaction: transaction.clore_envoi(envoi, reponse))

    async def decisions(self, id_: str) -> list[Document]:
        """Return what the journal has of an offer on Parcoursup."""
        prises = await self.operations.journal([id_], Plateforme.PARCOURSUP)
        return list(prises.get(id_, ()))


HISTOIRES: Final = ("evenements", "historique", "actes")


def une_offre(nom: str, le_juge: Juge = JUGE, /, **parties: Any) -> Document:  # noqa: ANN401
    """Return an offer as it would be stored; `formation` changes its contents."""
    contenu = offre() | parties.pop("formation", {})
    (document,) = planifier(
        [evenement(nom * 26, formation=contenu)], {}, le_juge, INSTANT
    ).nouvelles
    del document["publication"]
    document |= parties
    rejuger(document, le_juge, INSTANT, origine=None)
    return document


def demandee(nom: str, le: datetime = INSTANT, /, **parties: Any) -> Document:  # noqa: ANN401
    """Return an offer whose publication on Parcoursup was asked for."""
    return une_offre(nom, decisions={"parcoursup": une_decision(le=le)}, **parties)


def une_decision(numero: int = 1, le: datetime = INSTANT) -> Document:
    """Return a request to publish, as an offer holds it."""
    return {
        "numero": numero,
        "statut": "prêt pour intégration",
        "campagne": "2020",
        "auteur": "nantes",
        "prise_le": le,
        "motif": None,
        "precision": None,
        "nature": "publier",
    }


def entree(
    nom: str, numero: int = 1, plateforme: str = "parcoursup", **parties: object
) -> Document:
    """Return an entry of the journal."""
    return {
        "_id": f"{nom}{plateforme}{numero}",
        "formation": nom * 26,
        "plateforme": plateforme,
        **une_decision(numero),
        **parties,
    }


def annonce(nom: str) -> Event:
    """Return an event about an offer."""
    return make_event(PUBLICATIONS, nom * 26, 1, {"id": nom * 26}, INSTANT)


def un_envoi(
    nom: str, id_: str = "e", commence_le: datetime = INSTANT, **parties: object
) -> Document:
    """Return the intent of an exchange."""
    return {
        "_id": id_,
        "formation": nom * 26,
        "cle": CLE,
        "uai": "0840001X",
        "decision": 1,
        "commence_le": commence_le,
        "ouvert": True,
        "issue": None,
        **parties,
    }


def une_reponse(issue: str, repondu_le: datetime = INSTANT, **parties: Any) -> Document:  # noqa: ANN401
    """Return what is kept of an answer."""
    return {"issue": issue, "repondu_le": repondu_le, **parties}
