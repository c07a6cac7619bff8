"""What answers of Parcoursup mean, and the use case that never sends twice, over fakes."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

import pytest

from services.export.domain.parcoursup import Issue, Reponse, classer, reponse_de_relecture
from services.export.domain.projections import Juge, planifier
from services.export.ports import Document, Transaction
from services.export.usecases.envoyer import Expediteur, Limites
from services.kernel.clock import FixedClock
from services.kernel.events import Event
from services.kernel.ids import SequentialIds
from tests.unit.export.fabrique import INSTANT, evenement, juge, regle

T = TypeVar("T")
UNE = "A" * 26


@pytest.mark.parametrize(
    ("status", "corps", "issue", "statut"),
    [
        (200, b'{"g_ta_cod": 12, "dejaEnvoye": false}', Issue.ACCEPTEE, "publié"),
        (200, b'{"g_ta_cod": "12"}', Issue.ACCEPTEE, "publié"),
        (200, b"{}", Issue.REFUSEE, "échec d'envoi"),
        (200, b'{"g_ta_cod": true}', Issue.REFUSEE, "échec d'envoi"),
        (200, b"[]", Issue.REFUSEE, "échec d'envoi"),
        (200, b"<html>maintenance</html>", Issue.A_REPRENDRE, None),
        (429, b"{}", Issue.A_REPRENDRE, None),
        (503, b"", Issue.A_REPRENDRE, None),
        (401, b"<html>", Issue.ARRET, None),
        (403, b"", Issue.ARRET, None),
        (400, b"{}", Issue.REFUSEE, "échec d'envoi"),
        (404, b"\xff\xfe", Issue.REFUSEE, "échec d'envoi"),
    ],
)
def test_each_answer_has_one_meaning(
    status: int, corps: bytes, issue: Issue, statut: str | None
) -> None:
    reponse = classer(status, corps)
    assert (reponse.issue, reponse.statut) == (issue, statut)


def test_a_formation_closed_there_is_ferme() -> None:
    message = "Formation déclarée fermée dans Parcoursup : g_ta_cod = 12"
    assert classer(400, json.dumps({"message": message}).encode()).statut == "fermé"


@pytest.mark.parametrize(
    ("ligne", "issue"),
    [
        (None, Issue.A_REPRENDRE),
        ({"g_ta_cod": 4, "status": "Publié sur le MDR"}, Issue.ACCEPTEE),
        ({"g_ta_cod": 4, "status": "Formation déclarée fermée dans Parcoursup"}, Issue.REFUSEE),
        ({"g_ta_cod": 4, "status": "Publication annulée suite à…"}, Issue.A_REPRENDRE),
    ],
)
def test_the_read_back_settles_an_unknown_outcome(
    ligne: Mapping[str, Any] | None, issue: Issue
) -> None:
    assert reponse_de_relecture(ligne).issue is issue


class Memoire:
    """The database, the queue and the exchanges, in memory."""

    def __init__(self) -> None:
        self.offres: dict[str, Document] = {}
        self.envois: dict[str, Document] = {}
        self.evenements: list[Event] = []
        self.historique: list[Document] = []
        self.arrete: Document | None = None

    async def transaction(self, travail: Callable[[Transaction], Awaitable[T]]) -> T:
        return await travail(self)

    async def formations(self, ids: Sequence[str]) -> dict[str, Document]:
        return {un: self.offres[un] for un in ids if un in self.offres}

    async def ecrire(self, nouvelles: Sequence[Document], remplacees: Sequence[Document]) -> None:
        self.offres.update({un["_id"]: un for un in [*nouvelles, *remplacees]})

    async def journaliser(self, decision: Document) -> None:
        raise NotImplementedError("nothing is decided here")

    async def historiser(self, changements: Sequence[Document]) -> None:
        self.historique += changements

    async def clore_envoi(self, envoi: str, reponse: Document) -> None:
        self.envois[envoi] |= reponse | {"ouvert": False}

    async def emettre(self, evenements: Sequence[Event]) -> None:
        self.evenements += evenements

    async def file(self, limite: int) -> list[Document]:
        occupees = {un["formation"] for un in self.envois.values() if un["ouvert"]}
        pretes = [
            offre
            for offre in self.offres.values()
            if offre["affiche"].get("parcoursup") == "prêt pour intégration"
        ]
        return [offre for offre in pretes if offre["_id"] not in occupees][:limite]

    async def repondus_depuis(self, instant: datetime) -> int:
        return sum(
            un["issue"] in ("acceptee", "refusee") and un["repondu_le"] >= instant
            for un in self.envois.values()
        )

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


class Distant:
    """A platform that answers what the test says."""

    def __init__(self, *reponses: Reponse) -> None:
        self.reponses = list(reponses)
        self.recus: list[dict[str, Any]] = []
        self.lignes: list[Mapping[str, Any]] | None = []

    async def envoyer(self, corps: bytes) -> Reponse:
        self.recus.append(json.loads(corps))
        return self.reponses.pop(0)

    async def relire(self) -> list[Mapping[str, Any]] | None:
        return self.lignes


class _Juges:
    async def courant(self) -> Juge:
        return juge(regle())


@pytest.fixture
def memoire() -> Memoire:
    """One offer whose publication an académie has asked for."""
    memoire = Memoire()
    decision = {
        "numero": 1,
        "statut": "prêt pour intégration",
        "campagne": "2020",
        "auteur": "nantes",
        "prise_le": INSTANT,
        "motif": None,
        "precision": None,
    }
    tenue = {"sequence": 0, "empreinte": "", "decisions": {"parcoursup": decision}}
    plan = planifier([evenement(UNE)], {UNE: tenue}, juge(regle()), INSTANT)
    memoire.offres = {un["_id"]: un for un in plan.remplacees}
    return memoire


def expediteur(
    memoire: Memoire, distant: Distant, horloge: FixedClock, par_jour: int = 10
) -> Expediteur:
    limites = Limites(par_jour, lot=10, reprise_min_s=1, reprise_max_s=4, inconnu_s=60)
    return Expediteur(memoire, _Juges(), memoire, distant, horloge, SequentialIds(), limites)


ACCEPTEE = classer(200, b'{"g_ta_cod": 77}')
PERDUE = Reponse(Issue.INCONNUE, erreur="??? coupure")


def statut(memoire: Memoire) -> Any:  # noqa: ANN401 - a stored text
    return memoire.offres[UNE]["publication"]["plateformes"]["parcoursup"]["statut"]


async def test_an_accepted_offer_leaves_the_queue(memoire: Memoire) -> None:
    distant = Distant(ACCEPTEE)
    envoi = expediteur(memoire, distant, FixedClock(INSTANT))
    assert (await envoi.passer(INSTANT)).envoyees == 1
    assert (await envoi.passer(INSTANT)).envoyees == 0
    assert statut(memoire) == "publié"
    assert len(memoire.evenements) == 1


async def test_an_unknown_outcome_waits_for_a_complete_read_back(memoire: Memoire) -> None:
    horloge = FixedClock(INSTANT)
    distant = Distant(PERDUE, ACCEPTEE)
    envoi = expediteur(memoire, distant, horloge)
    await envoi.passer(INSTANT)
    distant.lignes = None
    horloge.instant += timedelta(hours=1)
    await envoi.passer(INSTANT)
    assert len(distant.recus) == 1
    distant.lignes = [{"rco": distant.recus[0]["rco"], "g_ta_cod": 77, "status": "…"}]
    await envoi.passer(INSTANT)
    assert (len(distant.recus), statut(memoire)) == (1, "publié")


async def test_absent_from_the_read_back_it_is_sent_again(memoire: Memoire) -> None:
    horloge = FixedClock(INSTANT)
    distant = Distant(PERDUE, ACCEPTEE)
    envoi = expediteur(memoire, distant, horloge)
    await envoi.passer(INSTANT)
    horloge.instant += timedelta(hours=1)
    await envoi.passer(INSTANT)
    assert (len(distant.recus), statut(memoire)) == (2, "publié")


async def test_pauses_grow_while_the_platform_is_away(memoire: Memoire) -> None:
    distant = Distant(*[Reponse(Issue.A_REPRENDRE)] * 4, ACCEPTEE, Reponse(Issue.A_REPRENDRE))
    envoi = expediteur(memoire, distant, FixedClock(INSTANT))
    pauses = [(await envoi.passer(INSTANT)).pause_s for _ in range(4)]
    assert pauses == [1, 2, 4, 4]
    assert statut(memoire) == "prêt pour intégration"
    assert (await envoi.passer(INSTANT)).envoyees == 1


async def test_refused_credentials_stop_the_queue(memoire: Memoire) -> None:
    distant = Distant(classer(401, b"<html>"))
    envoi = expediteur(memoire, distant, FixedClock(INSTANT))
    assert (await envoi.passer(INSTANT)).arretee
    assert (await envoi.passer(INSTANT)).arretee
    assert (len(distant.recus), statut(memoire)) == (1, "prêt pour intégration")


async def test_the_daily_limit_is_kept(memoire: Memoire) -> None:
    distant = Distant(ACCEPTEE)
    envoi = expediteur(memoire, distant, FixedClock(INSTANT), par_jour=1)
    memoire.envois["x"] = {"issue": "acceptee", "repondu_le": INSTANT, "ouvert": False}
    await envoi.passer(INSTANT)
    assert distant.recus == []
