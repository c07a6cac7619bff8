"""Annule et remplace on a real database: in the transaction of the batch, or once rules allow."""

import asyncio
from typing import Any

import orjson
import pytest

from contracts.statuts import Plateforme
from contracts.topics import PUBLICATIONS
from services.export.adapters.mongo import BaseMongo
from services.export.adapters.regles import JugesMongo, ReglesMongo
from services.export.domain.regles_lecture import lire_fichier
from services.export.domain.remplacements import MOTIF
from services.export.entrypoints.conduite import conduire
from services.export.settings import ExportSettings
from services.export.usecases.projeter import appliquer
from services.kernel.clock import FixedClock
from services.kernel.relay import Relay
from services.kernel.settings import KernelSettings
from tests.support.kafka import read_all
from tests.support.polling import eventually
from tests.unit.export.fabrique import INSTANT, document_de_regle, evenement, offre

pytestmark = pytest.mark.integration

A, B = (lettre * 26 for lettre in "AB")


def les_deux(plateforme: Plateforme) -> list[dict[str, Any]]:
    contenu = offre(plateforme)
    return [
        evenement(A, 2, formation=contenu, etat="remplacee", remplacee_par=B),
        evenement(B, 1, formation=contenu, predecesseurs=[A]),
    ]


async def ancienne(base: BaseMongo) -> dict[str, Any]:
    document = await base.formations.find_one({"_id": A})
    assert document is not None
    return document


async def test_a_succession_is_settled_and_told_with_its_batch(
    base: BaseMongo,
    juges: JugesMongo,
    export: ExportSettings,
    horloge: FixedClock,
    topics: KernelSettings,
) -> None:
    await appliquer([evenement(A)], base, juges, horloge)
    await appliquer(les_deux(Plateforme.PARCOURSUP), base, juges, horloge)
    await appliquer(les_deux(Plateforme.PARCOURSUP), base, juges, horloge)

    decision = (await ancienne(base))["decisions"]["parcoursup"]
    assert (decision["statut"], decision["motif"]) == ("non publié", MOTIF)
    assert await base.decisions.count_documents({}) == 1
    stop = asyncio.Event()
    relais = asyncio.create_task(Relay(base.outbox, export, "export").run(stop))
    sequence = (await ancienne(base))["publication"]["sequence"]

    async def dite() -> dict[str, Any] | None:
        dites = [orjson.loads(un.value) for un in await read_all(topics, PUBLICATIONS) if un.value]
        return next((un for un in dites if (un["id"], un["sequence"]) == (A, sequence)), None)

    try:
        dernier = await eventually(dite)
    finally:
        stop.set()
        await relais
    assert dernier["parcoursup"]["statut"] == "non publié"
    assert dernier["parcoursup"]["motif"] == MOTIF


async def test_a_succession_that_no_rule_admitted_is_settled_when_one_does(
    base: BaseMongo, juges: JugesMongo, export: ExportSettings, horloge: FixedClock
) -> None:
    await appliquer(les_deux(Plateforme.AFFELNET), base, juges, horloge)
    assert "remplacements" not in await ancienne(base)
    vif = export.model_copy(update={"reevaluation_attente_s": 0.05})
    stop = asyncio.Event()
    tache = asyncio.create_task(conduire(stop, base, vif, juges, horloge))
    regles = lire_fichier([document_de_regle(Plateforme.AFFELNET)]).regles
    await ReglesMongo(base).remplacer(regles, INSTANT)

    async def reglee() -> bool:
        return "remplacements" in await ancienne(base)

    try:
        await eventually(reglee)
    finally:
        stop.set()
        await tache
    document = await ancienne(base)
    assert document["publication"]["plateformes"]["affelnet"]["statut"] == "non publié"
    assert document["remplacements"].keys() == {"affelnet"}
