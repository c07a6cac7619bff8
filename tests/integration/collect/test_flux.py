"""A 202 becomes events that the contract knows, and the answers of others become the report."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Final

import httpx
import orjson
import pytest
import pytest_asyncio

from contracts.evenements import AvancementV1, ConstatsV1, Etape, OffreV1, StatutLigne
from contracts.topics import AVANCEMENT, CONSTATS, OFFRES
from services.collect.entrypoints.api import create_app
from services.collect.entrypoints.consumer import SuiviHandler
from services.collect.entrypoints.serveur import ouvrir
from services.collect.settings import SERVICE, ApiSettings
from services.kernel.clock import SystemClock
from services.kernel.consumer import run_consumer
from services.kernel.events import make_event
from services.kernel.mongo import Store
from services.kernel.producer import DirectPublisher
from services.kernel.rebuts import list_parked
from services.kernel.settings import KernelSettings
from tests.integration.collect.conftest import Cle
from tests.support.kafka import read_all, write
from tests.support.offres import offre
from tests.support.polling import eventually

pytestmark = pytest.mark.integration

INSTANT: Final = datetime(2020, 11, 16, 8, tzinfo=UTC)


@pytest_asyncio.fixture
async def relayee(
    topics: KernelSettings, collect_settings: ApiSettings
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the API, its relay at work."""
    app = create_app(collect_settings.model_copy(update={"relais_integre": True}))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://collect") as client:
            yield client


async def test_offers_leave_in_order_with_what_the_contract_says(
    relayee: httpx.AsyncClient, cle: Cle, settings: KernelSettings, store: Store
) -> None:
    mienne = await cle()
    corps = b"".join(orjson.dumps(offre(n), option=orjson.OPT_APPEND_NEWLINE) for n in range(1, 26))
    depot = await relayee.post(
        "/v1/depots", content=corps, headers={**mienne, "Content-Type": "application/x-ndjson"}
    )
    recue = await relayee.post("/v1/offres", json=offre(1, localite="Avignon"), headers=mienne)
    await relayee.delete(
        f"/v1/offres/{recue.json()['offre']}", params={"motif": "fermée"}, headers=mienne
    )

    await eventually(lambda: _vide(store))
    messages = await read_all(settings, OFFRES)

    evenements = [OffreV1.model_validate_json(m.value or b"") for m in messages]
    assert len(evenements) == 27
    siens = [e for e in evenements if e.id == recue.json()["offre"]]
    assert [(e.sequence, e.operation) for e in siens] == [
        (1, "depot"),
        (2, "depot"),
        (3, "retrait"),
    ]
    assert siens[0].origine is not None
    assert siens[0].origine.depot == depot.json()["id"]
    assert siens[2].motif == "fermée"
    assert {(m.key or b"").decode() for m in messages} == {e.id for e in evenements}


async def test_a_dry_run_travels_with_its_mark(
    relayee: httpx.AsyncClient, cle: Cle, settings: KernelSettings, store: Store
) -> None:
    await relayee.post(
        "/v1/depots",
        params={"essai": "true"},
        content=orjson.dumps(offre(1)),
        headers={**await cle(), "Content-Type": "application/json"},
    )

    await eventually(lambda: _vide(store))
    (message,) = await read_all(settings, OFFRES)
    assert OffreV1.model_validate_json(message.value or b"").essai


async def test_what_others_say_completes_the_deposit(
    topics: KernelSettings, api: httpx.AsyncClient, cle: Cle, collect_settings: ApiSettings
) -> None:
    mienne = await cle()
    corps = b"".join(orjson.dumps(offre(n), option=orjson.OPT_APPEND_NEWLINE) for n in range(1, 13))
    entetes = {**mienne, "Content-Type": "application/x-ndjson"}
    depot = (await api.post("/v1/depots", content=corps, headers=entetes)).json()["id"]
    lignes = (await api.get(f"/v1/depots/{depot}/lignes", headers=mienne)).json()["lignes"]
    assert not (await api.get(f"/v1/depots/{depot}", headers=mienne)).json()["fini"]

    stop = asyncio.Event()
    consommateur = asyncio.create_task(_consommer(collect_settings, stop))
    await write(topics, CONSTATS, [b"pas du json", b'{"depot": 1}'])
    await _repondre(topics, depot, lignes)

    async def fini() -> bool:
        vu = (await api.get(f"/v1/depots/{depot}", headers=mienne)).json()
        return bool(vu["fini"])

    await eventually(fini, deadline=30)
    stop.set()
    await consommateur
    vu = (await api.get(f"/v1/depots/{depot}", headers=mienne)).json()
    assert (vu["lignes"]["acceptees"], vu["lignes"]["a_corriger"]) == (11, 1)
    assert vu["avancement"] == dict.fromkeys(("deposees", "enrichies", "indexees", "evaluees"), 12)
    assert [c["code"] for c in vu["constats"]] == ["cfd_inconnu"]
    assert len(await list_parked(topics)) == 2


async def _consommer(settings: ApiSettings, stop: asyncio.Event) -> None:
    async with ouvrir(settings, SystemClock()) as serveur:
        await run_consumer(
            settings, SERVICE, [CONSTATS, AVANCEMENT], SuiviHandler(serveur.offres), stop=stop
        )


async def _repondre(settings: KernelSettings, depot: str, lignes: list[dict[str, object]]) -> None:
    """Say everything twice, as a fault would."""
    constats = ConstatsV1.model_validate(
        {
            "depot": depot,
            "lignes": [
                {
                    "ligne": ligne["ligne"],
                    "offre": ligne["offre"],
                    "sequence": 1,
                    "statut": StatutLigne.A_CORRIGER
                    if ligne["ligne"] == 3
                    else StatutLigne.ACCEPTEE,
                    "constats": [{"code": "cfd_inconnu", "champ": "cfd"}]
                    if ligne["ligne"] == 3
                    else [],
                }
                for ligne in lignes
            ],
        }
    ).model_dump(mode="json")
    etapes = [
        AvancementV1(depot=depot, etape=etape, lignes=[plage]).model_dump(mode="json")
        for etape in Etape
        for plage in ((1, 8), (6, 12))
    ]
    publisher = DirectPublisher(settings, "essai")
    faits = [(CONSTATS, constats), *((AVANCEMENT, etape) for etape in etapes)]
    await publisher.publish(
        [
            make_event(topic, depot, n + 1, donnees, INSTANT, id=f"{depot}.{tour}.{n}")
            for tour in range(2)
            for n, (topic, donnees) in enumerate(faits)
        ]
    )
    await publisher.close()


async def _vide(store: Store) -> bool:
    return await store.database("collect")["outbox"].count_documents({}) == 0
