"""From the topics to the index, on real servers, faults included."""

from typing import Any

import httpx
import pytest
from elasticsearch import AsyncElasticsearch

from contracts.topics import AVANCEMENT, FORMATIONS
from services.search.adapters.administration import Administration
from services.search.adapters.elastic import demander, noms
from services.search.adapters.lecture import MoteurElastic
from services.search.ports import Empreintes
from services.search.settings import IndexerSettings
from tests.integration.search.conftest import Indexer, Publier
from tests.integration.search.proxy import BulkFautif, devant
from tests.support.formations import formation_v1, publication_v1
from tests.support.kafka import read_all
from tests.support.polling import eventually

pytestmark = pytest.mark.integration


async def _contenu(elastic: AsyncElasticsearch, search: IndexerSettings) -> dict[str, Empreintes]:
    moteur = MoteurElastic(elastic, noms(search).lecture)
    return {une.id: une async for page in moteur.empreintes() for une in page}


async def _lignes_indexees(search: IndexerSettings) -> set[int]:
    """The lines told as indexed, whatever the number of events that told them."""
    lignes: set[int] = set()
    for lu in await read_all(search, AVANCEMENT):
        donnees = httpx.Response(200, content=lu.value or b"").json()
        assert donnees["etape"] == "indexee"
        for premier, dernier in donnees["lignes"]:
            lignes |= set(range(premier, dernier + 1))
    return lignes


async def test_both_topics_meet_in_one_document_and_progress_is_told(
    publier: Publier, indexation: Indexer, search: IndexerSettings, elastic: AsyncElasticsearch
) -> None:
    offres = [formation_v1(f"f{n:03d}", origine={"depot": "d1", "ligne": n + 1}) for n in range(60)]
    async with indexation(search):
        await publier(*(publication_v1(offre["id"]) for offre in offres[:30]))
        await publier(*offres)
        await publier(*(publication_v1(offre["id"]) for offre in offres[30:]))

        async def complet() -> bool:
            contenu = await _contenu(elastic, search)
            parties = [(e.formation_sequence, e.publications_sequence) for e in contenu.values()]
            return parties == [(1, 1)] * 60

        await eventually(complet)
        await eventually(lambda: _toutes(search, set(range(1, 61))))


async def _toutes(search: IndexerSettings, attendues: set[int]) -> bool:
    return await _lignes_indexees(search) == attendues


async def test_what_is_skipped_as_older_or_equal_still_reports(
    publier: Publier, indexation: Indexer, search: IndexerSettings
) -> None:
    async with indexation(search):
        await publier(formation_v1("a", 5, origine={"depot": "d1", "ligne": 1}))
        await eventually(lambda: _toutes(search, {1}))
        await publier(formation_v1("a", 4, origine={"depot": "d1", "ligne": 2}))
        await publier(formation_v1("a", 5, origine={"depot": "d1", "ligne": 3}))
        await eventually(lambda: _toutes(search, {1, 2, 3}))


async def test_an_offer_is_searchable_soon_and_a_withdrawal_hides_it_soon(
    publier: Publier, indexation: Indexer, search: IndexerSettings, api: httpx.AsyncClient
) -> None:
    async def total() -> int:
        nombre: int = (await api.get("/v1/formations")).json()["total"]
        return nombre

    async with indexation(search):
        await publier(formation_v1("a"))
        await eventually(total, deadline=10)
        await publier(formation_v1("a", 2, etat="retiree"))

        async def partie() -> bool:
            return await total() == 0

        await eventually(partie, deadline=10)


async def test_saturated_items_are_tried_again_and_poison_is_parked_once(
    publier: Publier, indexation: Indexer, search: IndexerSettings, elastic: AsyncElasticsearch
) -> None:
    offres = [
        formation_v1(f"f{n:04d}", origine={"depot": "d1", "ligne": n + 1}) for n in range(1_500)
    ]
    poison = {"f0003", "f0777"}
    fautif = BulkFautif(search.elastic, poison)
    async with devant(fautif) as adresse:
        par_le_proxy = search.model_copy(update={"elastic": adresse})
        await publier(*offres)
        async with indexation(par_le_proxy):
            bons = {n + 1 for n, offre in enumerate(offres) if offre["id"] not in poison}
            await eventually(lambda: _toutes(search, bons), deadline=40)
            await eventually(lambda: _ecartes(search, len(poison)))
    assert fautif.reponses[429] > 30
    assert fautif.reponses[503] > 5
    contenu = await _contenu(elastic, search)
    assert {e.id: e.formation_empreinte for e in contenu.values()} == {
        offre["id"]: offre["empreinte"] for offre in offres if offre["id"] not in poison
    }
    assert len(await read_all(search, FORMATIONS.rebut)) == len(poison)


async def _ecartes(search: IndexerSettings, nombre: int) -> bool:
    return len(await read_all(search, FORMATIONS.rebut)) == nombre


async def test_a_bulk_load_refreshes_rarely_and_the_quiet_comes_back(
    publier: Publier,
    indexation: Indexer,
    search: IndexerSettings,
    administration: Administration,
    elastic: AsyncElasticsearch,
    api: httpx.AsyncClient,
) -> None:
    (index,) = await administration.lus()

    async def intervalle() -> str:
        reponse = await demander(elastic, "GET", f"/{index}/_settings")
        duree: str = reponse[index]["settings"]["index"]["refresh_interval"]
        return duree

    vus: list[str] = []

    async def passe_par_la_masse() -> bool:
        vus.append(await intervalle())
        total = (await api.get("/v1/formations")).json()["total"]
        return "30s" in vus and vus[-1] == "1s" and total == 3_000

    reglages = search.model_copy(update={"index_lot_de_masse": 200})
    await publier(*(formation_v1(f"f{n:04d}") for n in range(3_000)))
    async with indexation(reglages):
        await eventually(passe_par_la_masse, every=0.02)


async def test_withdrawn_stays_withdrawn_once_elasticsearch_forgot_its_deletions(
    publier: Publier,
    indexation: Indexer,
    search: IndexerSettings,
    administration: Administration,
    elastic: AsyncElasticsearch,
) -> None:
    (index,) = await administration.lus()
    reglage = b'{"index":{"gc_deletes":"1s"}}'
    await demander(elastic, "PUT", f"/{index}/_settings", reglage)
    async with indexation(search):
        await publier(formation_v1("a"), formation_v1("a", 2, etat="retiree"))
        await eventually(lambda: _etat(elastic, search, "a", "retiree"))
        await _attendre_l_oubli(elastic, index)
        await publier(formation_v1("a", 1, origine={"depot": "d1", "ligne": 1}))
        await eventually(lambda: _toutes(search, {1}))
        assert await _etat(elastic, search, "a", "retiree")


async def _etat(elastic: AsyncElasticsearch, search: IndexerSettings, id_: str, etat: str) -> bool:
    contenu = await _contenu(elastic, search)
    return id_ in contenu and contenu[id_].etat == etat


async def _attendre_l_oubli(elastic: AsyncElasticsearch, index: str) -> None:
    """Until a witness that was deleted comes back with an older version: the fault itself."""
    chemin = f"/{index}/_doc/temoin"
    externe = {"version_type": "external"}
    await demander(elastic, "PUT", chemin, b"{}", version="5", **externe)
    await demander(elastic, "DELETE", chemin, None, version="6", **externe)

    async def oublie() -> bool:
        try:
            await demander(elastic, "PUT", chemin, b"{}", version="1", **externe)
        except Exception as refus:
            if getattr(refus, "status_code", None) != 409:
                raise
            return False
        return True

    await eventually(oublie, every=0.2)
    await demander(elastic, "DELETE", chemin)


async def test_single_documents_are_repaired_from_the_topics(
    publier: Publier,
    administration: Administration,
    elastic: AsyncElasticsearch,
    search: IndexerSettings,
    api: httpx.AsyncClient,
) -> None:
    await publier(*(formation_v1(f"f{n}") for n in range(20)), publication_v1("f3", 4))
    cle = {"Authorization": "Bearer administrateur"}
    corps: dict[str, Any] = {"ids": ["f3", "f11"]}
    reponse = await api.post("/interne/reindexer", json=corps, headers=cle)
    assert reponse.json() == {"ecrits": 2}
    contenu = await _contenu(elastic, search)
    assert set(contenu) == {"f3", "f11"}
    assert contenu["f3"].publications_sequence == 4
    reponse = await api.post("/interne/reindexer", json=corps, headers=cle)
    assert reponse.json() == {"ecrits": 0}
    assert await administration.versions()
