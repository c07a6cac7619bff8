# ruff: noqa: ARG002 - a fake keeps the signature of its port
"""Parcoursup, its exchanges and export's database in memory, behind the ports of the use cases."""

import json
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from services.export.domain.calendrier_parcoursup import Reglages
from services.export.domain.disjoncteur import Disjoncteur, Seuils
from services.export.domain.erreurs_parcoursup import CONNUE, Table
from services.export.domain.parcoursup import Reponse
from services.export.domain.precontrole_parcoursup import Attache
from services.export.domain.projections import Juge, planifier, rejuger
from services.export.domain.relecture_parcoursup import Suivie, suivie
from services.export.ports import Document, Transaction
from services.export.ports_parcoursup import LectureImpossible
from services.export.usecases.envoyer import Expediteur, Limites, Moyens
from services.export.usecases.relire import Relecteur, Rythme
from services.kernel.clock import FixedClock
from services.kernel.events import Event
from services.kernel.ids import SequentialIds
from tests.unit.export.fabrique import INSTANT, evenement, juge, regle

T = TypeVar("T")
UNE = "A" * 26


class Memoire:
    """One offer that an académie has asked to publish, the queue, the exchanges, the alarms."""

    def __init__(self, reglages: Reglages | None = None) -> None:
        self.offres: dict[str, Document] = {UNE: _demandee()}
        self.envois: dict[str, Document] = {}
        self.evenements: list[Event] = []
        self.historique: list[Document] = []
        self.arrete: Document | None = None
        self.alarmes: list[Document] = []
        self.etat = Disjoncteur()
        self.reglages = reglages or Reglages(relecture=None)
        self.relectures: dict[str, Document] = {}
        self.en_vigueur: Document | None = None
        self.lots_notes: list[Document] = []

    def statut(self) -> Any:  # noqa: ANN401 - a stored text
        return self.offres[UNE]["publication"]["plateformes"]["parcoursup"]["statut"]

    async def transaction(self, travail: Callable[[Transaction], Awaitable[T]]) -> T:
        return await travail(self)

    async def formations(self, ids: Sequence[str]) -> dict[str, Document]:
        return {un: self.offres[un] for un in ids if un in self.offres}

    async def ecrire(self, nouvelles: Sequence[Document], remplacees: Sequence[Document]) -> None:
        self.offres.update({un["_id"]: un for un in [*nouvelles, *remplacees]})

    async def journaliser(self, decision: Document) -> None:
        raise NotImplementedError("nothing is decided here")

    async def noter_acte(self, acte: Document) -> None:
        raise NotImplementedError("nothing is decided here")

    async def lot(self, jeton: str) -> Document | None:
        raise NotImplementedError("nothing is decided here")

    async def avancer_lot(self, jeton: str, resultats: Sequence[Document]) -> None:
        raise NotImplementedError("nothing is decided here")

    async def historiser(self, changements: Sequence[Document]) -> None:
        self.historique += changements

    async def clore_envoi(self, envoi: str, reponse: Document) -> None:
        self.envois[envoi] |= reponse | {"ouvert": False}

    async def envoi_actif(self) -> bool:
        return self.reglages.actif

    async def relecture_en_vigueur(self) -> datetime | None:
        return self.en_vigueur["lue_le"] if self.en_vigueur else None

    async def noter_relecture(self, lot: Document) -> None:
        self.lots_notes.append(lot)

    async def emettre(self, evenements: Sequence[Event]) -> None:
        self.evenements += evenements

    async def file(self, instant: datetime) -> list[Document]:
        occupees = {un["formation"] for un in self.envois.values() if un["ouvert"]}
        return [
            offre
            for offre in self.offres.values()
            if offre["affiche"].get("parcoursup") == "prêt pour intégration"
            and offre["_id"] not in occupees
        ]

    async def repondus_depuis(self, instant: datetime) -> int:
        return sum(
            un["issue"] in ("acceptee", "refusee") and un["repondu_le"] >= instant
            for un in self.envois.values()
        )

    async def attaches(self, cles: Collection[str]) -> Mapping[str, Attache]:
        return {
            envoi["cle"]: Attache(envoi["uai"], envoi["identifiant"])
            for envoi in self.envois.values()
            if envoi["issue"] == "acceptee" and envoi.get("cle") in cles
        }

    async def preparer(self, envoi: Document, vue: int) -> bool:
        if self.offres[envoi["formation"]]["publication"]["sequence"] != vue:
            return False
        self.envois[envoi["_id"]] = dict(envoi)
        return True

    async def suspendre(self, envoi: str, reponse: Document, reprendre_le: datetime | None) -> None:
        self.envois[envoi] |= reponse | {"ouvert": reprendre_le is None}

    async def inconnus(self, avant: datetime) -> list[Document]:
        return [un for un in self.envois.values() if un["ouvert"] and un["commence_le"] < avant]

    async def arreter(self, raison: str, instant: datetime) -> None:
        self.arrete = {"raison": raison, "depuis": instant}

    async def arret(self) -> Document | None:
        return self.arrete

    async def disjoncteur(self) -> Disjoncteur:
        return self.etat

    async def sonder(self, vu: Disjoncteur, pas_avant: datetime) -> bool:
        return vu == self.etat

    async def garder(self, etat: Disjoncteur, erreur: str | None) -> None:
        self.etat = etat

    async def lever(self, nature: str, detail: str, instant: datetime) -> bool:
        if any(un["nature"] == nature and un["levee"] for un in self.alarmes):
            return False
        self.alarmes.append({"nature": nature, "detail": detail, "depuis": instant, "levee": True})
        return True

    async def baisser(self, nature: str, instant: datetime) -> bool:
        levees = [un for un in self.alarmes if un["nature"] == nature and un["levee"]]
        for alarme in levees:
            alarme["levee"] = False
        return bool(levees)

    async def courants(self) -> Reglages:
        return self.reglages

    async def table(self) -> Table:
        return CONNUE

    async def demander(self, demande: Document) -> None:
        self.relectures[demande["_id"]] = demande

    async def prendre(self, instant: datetime, abandon: datetime) -> Document | None:
        return next((un for un in self.relectures.values() if un["etat"] == "demandee"), None)

    async def conclure(self, relecture: str, rapport: Document) -> None:
        self.relectures[relecture] |= rapport

    async def derniere(self) -> Document | None:
        return self.en_vigueur

    async def derniere_demande(self) -> datetime | None:
        return max((un["demandee_le"] for un in self.relectures.values()), default=None)

    async def avancer(self, lue_le: datetime, nombre: int) -> bool:
        if self.en_vigueur is not None and self.en_vigueur["lue_le"] >= lue_le:
            return False
        self.en_vigueur = {"lue_le": lue_le, "nombre": nombre}
        return True

    async def suivies(self) -> list[Suivie]:
        return [suivie(offre) for offre in self.offres.values()]


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


class _Juges:
    async def courant(self) -> Juge:
        return juge(regle())


def moyens(memoire: Memoire, distant: Distant, horloge: FixedClock) -> Moyens:
    """Return what sender and reader work with, all in memory."""
    return Moyens(
        base=memoire,
        juges=_Juges(),
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
    horloge_ = horloge.now() - timedelta(minutes=30)
    memoire.relectures.setdefault(
        "0",
        {
            "_id": "0",
            "etat": "demandee",
            "par": "moss",
            "motif": "",
            "demandee_le": horloge_,
            "forcer": False,
        },
    )
    return Relecteur(moyens(memoire, distant, horloge), memoire, Rythme(900, 60))
