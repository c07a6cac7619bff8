"""Parcoursup as a test says it answers, before one offer in memory."""

import json
from datetime import timedelta
from typing import Any

from services.export.domain.calendrier_parcoursup import Reglages
from services.export.domain.disjoncteur import Seuils
from services.export.domain.parcoursup import Reponse
from services.export.domain.projections import planifier, rejuger
from services.export.ports import Document
from services.export.ports_parcoursup import LectureImpossible
from services.export.usecases.envoyer import Expediteur, Limites, Moyens
from services.export.usecases.relire import Relecteur, Rythme, demande_de_relecture
from services.kernel.clock import FixedClock
from services.kernel.events import Event
from services.kernel.ids import SequentialIds
from tests.support.export.etat import stocke
from tests.support.export.magasin import Magasin
from tests.support.export.parcoursup import PosteParcoursup
from tests.support.export.regles import UnJuge
from tests.unit.export.fabrique import INSTANT, evenement, juge, regle

UNE = "A" * 26


class Memoire(PosteParcoursup):
    """One offer that an académie has asked to publish, and all that sending and reading store."""

    def __init__(self, reglages: Reglages | None = None) -> None:
        self.magasin = Magasin()
        super().__init__(self.magasin)
        self.magasin.etat.formations[UNE] = stocke(_demandee())
        if reglages is not None:
            self.magasin.etat.reglages = reglages

    @property
    def offres(self) -> dict[str, Document]:
        return self.magasin.etat.formations

    @property
    def envois(self) -> dict[str, Document]:
        return self.magasin.etat.envois

    @property
    def evenements(self) -> list[Event]:
        return self.magasin.etat.evenements

    @property
    def alarmes(self) -> list[Document]:
        return self.magasin.etat.alarmes

    @property
    def relectures(self) -> dict[str, Document]:
        return self.magasin.etat.relectures

    def statut(self) -> Any:  # noqa: ANN401 - a stored text
        return self.magasin.statut(UNE, "parcoursup")


def _demandee() -> Document:
    decision = {
        "numero": 1,
        "statut": "prêt pour intégration",
        "campagne": "2020",
        "auteur": "nantes",
        "prise_le": INSTANT,
        "motif": None,
        "precision": None,
    }
    (offre,) = planifier([evenement(UNE)], {}, juge(regle()), INSTANT).nouvelles
    offre["decisions"] = {"parcoursup": decision}
    rejuger(offre, juge(regle()), INSTANT, origine=None)
    return offre


class Distant:
    """A platform that answers what the test says."""

    def __init__(self, *reponses: Reponse) -> None:
        self.reponses = list(reponses)
        self.recus: list[dict[str, Any]] = []
        self.lignes: object = []

    async def envoyer(self, corps: bytes) -> Reponse:
        self.recus.append(json.loads(corps))
        return self.reponses.pop(0)

    async def relire(self) -> object:
        if self.lignes is None:
            raise LectureImpossible("coupée")
        return self.lignes


def moyens(memoire: Memoire, distant: Distant, horloge: FixedClock) -> Moyens:
    """Return what sender and reader work with, all in memory."""
    return Moyens(
        base=memoire.magasin,
        juges=UnJuge(juge(regle())),
        envois=memoire,
        surveillance=memoire,
        reglages=memoire,
        erreurs=memoire,
        plateforme=distant,
        horloge=horloge,
        ids=SequentialIds(),
    )


def expediteur(memoire: Memoire, distant: Distant, horloge: FixedClock) -> Expediteur:
    """Return a sender whose pauses go from 1 to 300 seconds and whose breaker opens at 5 faults."""
    limites = Limites(lot=10, seuils=Seuils(5, 1, 300), delai_s=30)
    return Expediteur(moyens(memoire, distant, horloge), limites)


def relecteur(memoire: Memoire, distant: Distant, horloge: FixedClock) -> Relecteur:
    """Return a reader that asks about unknown outcomes after a minute; one request waits."""
    depuis = horloge.now() - timedelta(minutes=30)
    demande = demande_de_relecture("0", "moss", "", depuis)
    memoire.relectures.setdefault("0", demande)
    return Relecteur(moyens(memoire, distant, horloge), memoire, Rythme(900, 60))
