"""Rebuilding the index on real servers while writes go on."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import httpx
import pytest
from elasticsearch import AsyncElasticsearch

from services.kernel.problem import Conflict
from services.search.adapters.administration import Administration
from services.search.adapters.elastic import demander, noms
from services.search.adapters.lecture import MoteurElastic
from services.search.entrypoints.reindex import reconstruire_sur
from services.search.settings import IndexerSettings
from services.search.usecases.reconstruire import EcartsPersistants
from tests.integration.search.conftest import Deposer, Indexer, Publier
from tests.support.formations import formation_v1, publication_v1
from tests.support.polling import eventually

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]

OFFRES = 1_500
PAR_SECONDE = 60


def _muet(_lus: int, _total: int) -> None:
    return


class Ecrivain:
    """Writes some 60 states a second, creations, changes and publications, and counts them."""

    def __init__(self, publier: Publier) -> None:
        """Write through the topics."""
        self._publier = publier
        self.sequences: dict[str, int] = {f"f{n:04d}": 1 for n in range(OFFRES)}
        self.publications: dict[str, int] = {}
        self.ecrits = 0

    @asynccontextmanager
    async def a_l_oeuvre(self) -> AsyncIterator[None]:
        """Write during the block."""
        tache = asyncio.create_task(self._ecrire())
        try:
            yield
        finally:
            tache.cancel()
            with suppress(asyncio.CancelledError):
                await tache

    async def _ecrire(self) -> None:
        while True:
            await asyncio.shield(self._un_tour())
            await asyncio.sleep(3 / PAR_SECONDE)

    async def _un_tour(self) -> None:
        rang = self.ecrits * 31 % OFFRES
        nouvelle, changee = f"n{self.ecrits:05d}", f"f{rang:04d}"
        self.sequences[nouvelle] = 1
        self.sequences[changee] += 1
        self.publications[changee] = self.publications.get(changee, 0) + 1
        await self._publier(
            formation_v1(nouvelle),
            formation_v1(changee, self.sequences[changee], localite=f"Ville {self.ecrits}"),
            publication_v1(changee, self.publications[changee]),
        )
        self.ecrits += 3


async def _contenu(
    elastic: AsyncElasticsearch, search: IndexerSettings
) -> dict[str, tuple[int | None, int | None]]:
    moteur = MoteurElastic(elastic, noms(search).lecture)
    return {
        une.id: (une.formation_sequence, une.publications_sequence)
        async for page in moteur.empreintes()
        for une in page
    }


async def test_no_write_is_lost_and_no_reader_sees_an_empty_index(
    publier: Publier,
    indexation: Indexer,
    search: IndexerSettings,
    elastic: AsyncElasticsearch,
    administration: Administration,
    api: httpx.AsyncClient,
) -> None:
    ecrivain = Ecrivain(publier)
    totaux: list[int] = []

    async def lecteur() -> None:
        while True:
            reponse = await api.get("/v1/formations", params={"facettes": "aucune", "limite": 1})
            assert reponse.status_code == 200
            totaux.append(reponse.json()["total"])
            await asyncio.sleep(0.02)

    await publier(*(formation_v1(id_) for id_ in ecrivain.sequences))
    async with indexation(search):
        await eventually(lambda: _nombre(api, OFFRES))
        lecture = asyncio.create_task(lecteur())
        async with ecrivain.a_l_oeuvre():
            await eventually(lambda: ecrivain.ecrits > 60)
            premiere = await reconstruire_sur(elastic, search, _muet)
            pendant = ecrivain.ecrits
            seconde = await reconstruire_sur(elastic, search, _muet)
            await eventually(lambda: ecrivain.ecrits > pendant + 60)
        lecture.cancel()

        async def egal() -> bool:
            attendu = {
                id_: (sequence, ecrivain.publications.get(id_))
                for id_, sequence in ecrivain.sequences.items()
            }
            return await _contenu(elastic, search) == attendu

        await eventually(egal)
    assert await administration.versions() == [seconde.index]
    assert premiere.index != seconde.index
    assert premiere.ecartes == seconde.ecartes == 0
    assert min(totaux) >= OFFRES
    reculs = [avant - apres for avant, apres in itertools.pairwise(totaux)]
    assert max(reculs) < PAR_SECONDE / 5


async def _nombre(api: httpx.AsyncClient, nombre: int) -> bool:
    reponse = await api.get("/v1/formations")
    return bool(reponse.json()["total"] == nombre)


async def test_two_rebuilds_never_run_at_once(
    publier: Publier,
    search: IndexerSettings,
    elastic: AsyncElasticsearch,
    administration: Administration,
) -> None:
    await publier(*(formation_v1(f"f{n}") for n in range(200)))
    del administration
    deux = await asyncio.gather(
        reconstruire_sur(elastic, search, _muet),
        reconstruire_sur(elastic, search, _muet),
        return_exceptions=True,
    )
    assert sorted(type(resultat).__name__ for resultat in deux) == ["Conflict", "Reconstruction"]
    await reconstruire_sur(elastic, search, _muet)


async def test_a_lock_left_by_a_killed_run_expires(
    publier: Publier,
    search: IndexerSettings,
    elastic: AsyncElasticsearch,
    administration: Administration,
) -> None:
    await publier(formation_v1("a"))
    del administration
    await reconstruire_sur(elastic, search, _muet)  # makes the index of locks
    chemin = f"/{noms(search).verrous}/_doc/reconstruction"
    await demander(
        elastic, "PUT", chemin, b'{"titulaire":"mort","expire_le":"2999-01-01T00:00:00+00:00"}'
    )
    with pytest.raises(Conflict):
        await reconstruire_sur(elastic, search, _muet)
    await demander(
        elastic, "PUT", chemin, b'{"titulaire":"mort","expire_le":"2020-01-01T00:00:00+00:00"}'
    )
    assert (await reconstruire_sur(elastic, search, _muet)).documents == 1


async def test_a_build_that_lacks_documents_is_not_swapped_and_can_be_run_again(
    publier: Publier,
    deposer: Deposer,
    search: IndexerSettings,
    elastic: AsyncElasticsearch,
    administration: Administration,
) -> None:
    await publier(formation_v1("a"))
    await deposer(formation_v1("a"), formation_v1("hors-topic"))
    presse = search.model_copy(update={"reconstruction_ecart_s": 1.0})
    avant = await administration.lus()
    with pytest.raises(EcartsPersistants, match="hors-topic"):
        await reconstruire_sur(elastic, presse, _muet)
    assert await administration.lus() == await administration.versions() == avant
    await publier(formation_v1("hors-topic"))
    assert (await reconstruire_sur(elastic, presse, _muet)).documents == 2
