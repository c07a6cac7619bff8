"""Sending to Parcoursup, against the simulated service as a process of its own."""

import signal
import subprocess
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import httpx
import pytest

from contracts.statuts import Statut
from services.export.adapters.erreurs_parcoursup import ErreursMongo
from services.export.adapters.mongo import BaseMongo
from services.export.adapters.reevaluations import ReevaluationsMongo
from services.export.adapters.regles import JugesMongo
from services.export.usecases.reevaluer import reevaluer_tout
from services.kernel.clock import FixedClock
from tests.integration.export.conftest import cle
from tests.integration.export.parcoursup import jouer, statuts, tous, vu
from tests.integration.export.parcoursup import valider as faire
from tests.support.polling import eventually

pytestmark = [pytest.mark.integration, pytest.mark.timeout(240)]

Lancer = Callable[[], "subprocess.Popen[bytes]"]
Valider = Callable[[int], Awaitable[list[str]]]


@pytest.fixture
def valider(base: BaseMongo, juges: JugesMongo, horloge: FixedClock) -> Valider:
    """Makes so many offers that an académie has validated, in the order of their ids."""
    return lambda nombre: faire(base, juges, horloge, nombre)


async def montrent(base: BaseMongo, dits: dict[str, str]) -> bool:
    return await statuts(base) == dits


async def test_a_validated_offer_is_published_with_its_code(
    base: BaseMongo,
    simulateur: httpx.AsyncClient,
    expediteur: Lancer,
    valider: Valider,
    juges: JugesMongo,
    horloge: FixedClock,
) -> None:
    ids = await valider(5)
    expediteur()
    await eventually(lambda: tous(base, Statut.PUBLIE))
    statistiques = await vu(simulateur)
    assert statistiques["ordre"] == [f"CLE{un}" for un in ids]
    assert statistiques["jetons_refuses"] == {}
    une: Any = await base.formations.find_one({"_id": ids[0]})
    assert une["retours"]["parcoursup"]["identifiant"].isdigit()
    assert une["decisions"]["parcoursup"]["auteur"] == "nantes"
    envoi: Any = await base.envois.find_one({"formation": ids[0]})
    assert '"user":"nantes"' in envoi["corps"]
    assert envoi["issue"] == "acceptee"
    # Judged again from what is stored, nothing is told anew.
    reevaluations = ReevaluationsMongo(base)
    assert (await reevaluer_tout(reevaluations, base, juges, horloge, lot=10)).changees == 0


async def test_a_known_refusal_is_a_rejet_and_is_not_sent_again_nor_one_that_is_known_later(
    base: BaseMongo,
    simulateur: httpx.AsyncClient,
    expediteur: Lancer,
    valider: Valider,
    api: httpx.AsyncClient,
) -> None:
    un, deux = await valider(2)
    message = "Mise à jour Impossible : Établissement fermé"
    refus = {f"CLE{un}": {"message": message}, f"CLE{deux}": {"message": "Quota atteint"}}
    await jouer(simulateur, refus=refus)
    expediteur()
    dits = {un: Statut.REJET.value, deux: Statut.ECHEC.value}
    await eventually(lambda: montrent(base, dits))
    # As a request leaves it that is killed once the pattern is added: the sender does the rest.
    motif = {"motif": "Quota atteint", "cause": "Trop.", "action": "Moins.", "statut": dits[un]}
    assert await ErreursMongo(base).ajouter({"_id": "1", "code": "quota", **motif})
    await eventually(lambda: tous(base, Statut.REJET))
    vue = (await api.get(f"/v1/offres/{un}", headers=cle("instructeur"))).json()["parcoursup"]
    assert vue["retour"]["erreur"] == f"400 {message}"
    assert vue["retour"]["action"].startswith("Vérifier l'état de l'UAI")
    assert (await vu(simulateur))["envois"] == {f"CLE{un}": 1, f"CLE{deux}": 1}


@pytest.mark.parametrize("panne", ["503", "429", "500", "maintenance"])
async def test_a_transient_fault_leaves_the_offer_ready_and_keeps_the_order(
    base: BaseMongo,
    simulateur: httpx.AsyncClient,
    expediteur: Lancer,
    valider: Valider,
    panne: str,
) -> None:
    ids = await valider(3)
    await jouer(simulateur, pannes=[{"panne": panne, "nombre": 4}])
    expediteur()
    await eventually(lambda: tous(base, Statut.PUBLIE))
    statistiques = await vu(simulateur)
    assert statistiques["pannes"] == {panne: 4}
    assert statistiques["ordre"] == [f"CLE{un}" for un in ids]


async def test_a_lost_answer_is_settled_by_the_read_back(
    base: BaseMongo, simulateur: httpx.AsyncClient, expediteur: Lancer, valider: Valider
) -> None:
    await valider(3)
    await jouer(simulateur, pannes=[{"panne": "perdue"}, {"panne": "coupee"}])
    expediteur()
    await eventually(lambda: tous(base, Statut.PUBLIE), deadline=90)
    statistiques = await vu(simulateur)
    # The one whose answer was lost is not sent twice; the one that never arrived is.
    assert set(statistiques["envois"].values()) == {1}
    assert set(statistiques["creations"].values()) == {1}


async def test_refused_credentials_stop_the_queue_until_it_is_let_go(
    base: BaseMongo,
    simulateur: httpx.AsyncClient,
    expediteur: Lancer,
    valider: Valider,
    api: httpx.AsyncClient,
) -> None:
    await valider(2)
    await jouer(simulateur, pannes=[{"panne": "403"}])
    expediteur()
    admin = cle("administrateur")

    async def arretee() -> bool:
        return (await api.get("/v1/flux/parcoursup", headers=admin)).json()["arret"] is not None

    await eventually(arretee)
    assert await tous(base, Statut.PRET)
    assert (await api.post("/v1/flux/parcoursup/reprise", headers=admin)).status_code == 200
    await eventually(lambda: tous(base, Statut.PUBLIE))


@pytest.mark.timeout(300)
async def test_a_sender_killed_between_intent_and_answer_never_sends_twice(
    base: BaseMongo, simulateur: httpx.AsyncClient, expediteur: Lancer, valider: Valider
) -> None:
    await valider(12)
    await jouer(simulateur, latence_s=0.15)
    for vus in range(2, 10, 2):
        processus = expediteur()
        await eventually(partial(_envois, simulateur, vus), deadline=60)
        processus.send_signal(signal.SIGKILL)
        processus.wait(10)
    await jouer(simulateur)
    expediteur()
    # A transaction that the kill left open holds its offer until the server ends it, a minute on.
    await eventually(lambda: tous(base, Statut.PUBLIE), deadline=150)
    statistiques = await vu(simulateur)
    assert set(statistiques["envois"].values()) == {1}
    assert len(statistiques["creations"]) == 12


async def _envois(simulateur: httpx.AsyncClient, nombre: int) -> bool:
    return len((await vu(simulateur))["ordre"]) >= nombre


async def test_two_senders_never_send_one_offer_twice(
    base: BaseMongo, simulateur: httpx.AsyncClient, expediteur: Lancer, valider: Valider
) -> None:
    await valider(30)
    expediteur()
    expediteur()
    await eventually(lambda: tous(base, Statut.PUBLIE), deadline=90)
    assert set((await vu(simulateur))["envois"].values()) == {1}
