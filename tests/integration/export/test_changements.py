"""The change feed: any follower converges, wherever and however often it starts again."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from contracts.topics import FORMATIONS, PUBLICATIONS
from services.export.adapters.mongo import BaseMongo
from services.export.adapters.regles import JugesMongo
from services.export.settings import ExportSettings
from services.kernel.clock import FixedClock
from services.kernel.settings import KernelSettings
from services.kernel.topics_admin import create_topics, delete_topics
from tests.integration.export.conftest import cle, consommant
from tests.support.kafka import read_all
from tests.support.polling import eventually
from tests.unit.export.fabrique import evenement

pytestmark = pytest.mark.integration

PARTENAIRE = cle("partenaire")
Suivi = dict[tuple[str, str], dict[str, Any]]
Publier = Callable[..., Awaitable[None]]


def _ids(nombre: int) -> list[str]:
    return [f"{rang:026}" for rang in range(nombre)]


async def _page(api: httpx.AsyncClient, **parametres: object) -> dict[str, Any]:
    textes = {nom: str(valeur) for nom, valeur in parametres.items()}
    reponse = await api.get("/v1/changements", params=textes, headers=PARTENAIRE)
    assert reponse.status_code == 200, reponse.text
    page: dict[str, Any] = reponse.json()
    return page


def _retenir(suivi: Suivi, page: dict[str, Any]) -> None:
    for un in page["changements"]:
        place = (un["type"], un["id"])
        if place not in suivi or suivi[place]["sequence"] <= un["sequence"]:
            suivi[place] = un


async def _tout(api: httpx.AsyncClient, **parametres: object) -> tuple[Suivi, str]:
    suivi: Suivi = {}
    page = await _page(api, **parametres)
    _retenir(suivi, page)
    while not page["a_jour"]:
        page = await _page(api, **parametres | {"depuis": page["curseur"]})
        _retenir(suivi, page)
    return suivi, page["curseur"]


@pytest.mark.timeout(120)
async def test_a_follower_stopped_and_restarted_at_random_converges(
    api: httpx.AsyncClient,
    base: BaseMongo,
    juges: JugesMongo,
    export: ExportSettings,
    horloge: FixedClock,
    publier: Publier,
    topics: KernelSettings,
) -> None:
    hasard = random.Random(11)
    suivi: Suivi = {}
    curseurs: list[str | None] = [None]

    async def suivre_un_peu() -> None:
        # Started again from a cursor of its past, as after a crash before it was saved.
        depuis = hasard.choice(curseurs[-3:])
        for _ in range(hasard.randrange(1, 4)):
            parametres = {"limite": hasard.randrange(1, 40), "attente": 0.2}
            page = await _page(api, **parametres | ({"depuis": depuis} if depuis else {}))
            _retenir(suivi, page)
            depuis = page["curseur"]
            curseurs.append(depuis)

    async with consommant(base, juges, export, horloge):
        for sequence in range(1, 6):
            ids = hasard.sample(_ids(40), 25)
            etats = [hasard.choice(["active", "retiree"]) for _ in ids]
            await publier([evenement(un, sequence, etat=etat)
                           for un, etat in zip(ids, etats, strict=True)])  # fmt: skip
            await suivre_un_peu()
        await eventually(lambda: _autant_de_publications(topics, base))
    while not (page := await _page(api, depuis=curseurs[-1]))["a_jour"]:
        _retenir(suivi, page)
        curseurs.append(page["curseur"])
    _retenir(suivi, page)
    neuf, _ = await _tout(api)
    assert suivi == neuf
    async for tenue in base.formations.find({}):
        assert suivi["formation", tenue["_id"]]["sequence"] == tenue["sequence"]
        publication = suivi["publication", tenue["_id"]]
        assert publication["sequence"] == tenue["publication"]["sequence"]
        assert publication["data"]["empreinte"] == tenue["publication"]["empreinte"]


async def _autant_de_publications(topics: KernelSettings, base: BaseMongo) -> bool:
    attendues = {
        (un["_id"], un["publication"]["sequence"]) async for un in base.formations.find({})
    }
    if await base.outbox.collection.count_documents({}):
        return False
    lues = {
        (record.key.decode(), int(dict(record.headers)["ce_sequence"]))
        for record in await read_all(topics, PUBLICATIONS)
        if record.key
    }
    vues = {record.key for record in await read_all(topics, FORMATIONS)}
    return len(vues) == len(attendues) and attendues <= lues


async def test_an_idle_follower_is_woken_by_a_change(
    api: httpx.AsyncClient, publier: Publier, topics: KernelSettings
) -> None:
    _, curseur = await _tout(api)
    attente = asyncio.create_task(_page(api, depuis=curseur, attente=25))
    await publier([evenement(_ids(1)[0])])
    async with asyncio.timeout(10):
        page = await attente
    assert [(un["type"], un["etat"]) for un in page["changements"]] == [("formation", "active")]


async def test_pages_are_bounded_and_lose_nothing(
    api: httpx.AsyncClient, publier: Publier, topics: KernelSettings
) -> None:
    await publier([evenement(un) for un in _ids(120)])
    recus = []
    page = await _page(api, limite=7)
    while True:
        assert len(page["changements"]) <= 7
        recus += [un["id"] for un in page["changements"]]
        if page["a_jour"]:
            break
        page = await _page(api, limite=7, depuis=page["curseur"])
    assert sorted(recus) == _ids(120)


async def test_a_cursor_of_another_log_answers_410(
    api: httpx.AsyncClient, publier: Publier, topics: KernelSettings, export: ExportSettings
) -> None:
    await publier([evenement(un) for un in _ids(3)])
    _, curseur = await _tout(api)
    await api.get("/v1/changements", headers=PARTENAIRE)
    await delete_topics(export)
    await eventually(lambda: _recreees(export))
    async with asyncio.timeout(30):
        while True:
            reponse = await api.get(
                "/v1/changements", params={"depuis": curseur}, headers=PARTENAIRE
            )
            if reponse.status_code == 410:
                break
    assert reponse.json()["recommencer"] == "/v1/changements"


async def _recreees(export: ExportSettings) -> bool:
    return bool(await create_topics(export, partitions=2))


@pytest.mark.parametrize("depuis", ["n-importe-quoi", "WzEse31d", "e30", "W10", "é"])
async def test_an_unknown_cursor_answers_410(
    api: httpx.AsyncClient, topics: KernelSettings, depuis: str
) -> None:
    reponse = await api.get("/v1/changements", params={"depuis": depuis}, headers=PARTENAIRE)
    assert (reponse.status_code, reponse.json()["code"]) == (410, "curseur_expire")


async def test_a_key_is_needed(api: httpx.AsyncClient, topics: KernelSettings) -> None:
    assert (await api.get("/v1/changements")).status_code == 401
    assert (await api.get("/v1/changements", headers=cle("deposant"))).status_code == 403
