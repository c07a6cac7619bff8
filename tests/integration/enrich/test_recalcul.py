"""The catalogue kept true on a real MongoDB: interleaved, interrupted, and told."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import pytest_asyncio

from contracts.evenements import ReferentielV1
from contracts.topics import FORMATIONS, REFERENTIELS, Topic
from services.enrich.adapters.activations import ACTIVATIONS
from services.enrich.adapters.impacts import MongoImpacts
from services.enrich.adapters.mongo import MongoFormations
from services.enrich.adapters.recalculs import MongoRecalculs
from services.enrich.domain.application import planifier
from services.enrich.domain.calcul import calculer
from services.enrich.domain.enrichissement import Enrichisseur
from services.enrich.domain.evenement import lire_evenement
from services.enrich.domain.references.tables import References
from services.enrich.entrypoints.actif import Actif
from services.enrich.entrypoints.recalcul import BAIL, Recalculeur
from services.enrich.ports import SocleDepasse, Transaction
from services.enrich.settings import ConsumerSettings
from services.enrich.usecases.annoncer import Annoncer
from services.enrich.usecases.ecriture import ecrire
from services.enrich.usecases.enrichir import enrichir_lot
from services.enrich.usecases.recalculer import TOUT, Etablir, avancer, demander
from services.kernel import chunk
from services.kernel.clock import FixedClock
from services.kernel.errors import Contention
from services.kernel.events import Event
from services.kernel.ids import UlidIds
from services.kernel.lease import Lease
from services.kernel.mongo import Client, Database
from services.kernel.outbox import Outbox
from services.kernel.settings import KernelSettings
from tests.support.polling import eventually
from tests.unit.enrich.fabrique import (
    BAC_PRO,
    CAP_SUIVANT,
    JOUR,
    SIRET_CONNU,
    evenement,
    offre,
    references,
)
from tests.unit.enrich.test_recalculer import Tables

pytestmark = pytest.mark.integration

NOW = datetime(2026, 1, 15, 8, tzinfo=UTC)
FERMETURE = "2021-08-31"


def _fermee(version: str) -> References:
    """The tables where CAP_SUIVANT closes."""
    avant = references(version)
    ferme = replace(avant.cfds[CAP_SUIVANT], date_fermeture=FERMETURE)
    return replace(avant, cfds={**avant.cfds, CAP_SUIVANT: ferme})


class Magasin:
    """One catalogue, its tables and any number of processes that keep it."""

    def __init__(self, client: Client, database: Database, settings: KernelSettings) -> None:
        self.client = client
        self.database = database
        self.settings = ConsumerSettings(**{**settings.model_dump(), "recalcul_lot": 4})
        self.outbox = Outbox(database, bytes_max=settings.outbox_octets_max)
        self.formations = MongoFormations(client, database, self.outbox)
        self.recalculs = MongoRecalculs(client, database, self.outbox)
        self.clock = FixedClock(NOW)
        self.jour = JOUR
        self.tables = Tables({"v1": references("v1"), "v2": _fermee("v2")})

    async def prepare(self) -> None:
        await self.outbox.prepare()
        await self.formations.prepare()
        await self.recalculs.prepare()

    async def activer(self, version: str) -> None:
        nombre = await self.database[ACTIVATIONS].count_documents({})
        await self.database[ACTIVATIONS].insert_one({"_id": nombre + 1, "version": version})
        self.version = version

    def regles(self, version: str) -> Enrichisseur:
        return Enrichisseur(self.tables.versions[version], self.jour)

    async def deposer(self, ids: Sequence[str], version: str, cfd: str = CAP_SUIVANT) -> None:
        """Apply offers as a process does that has these tables; one of its own each time."""
        lus = [lire_evenement(evenement(nom, offre=offre(cfd=cfd, rncp_code=None))) for nom in ids]
        propres = MongoFormations(self.client, self.database, self.outbox)
        await enrichir_lot(lus, self.regles(version), propres, NOW)

    async def recalculeur(self) -> Recalculeur:
        """Return the task of a process that has the active tables; `avancer` is a step of it."""
        libre = asyncio.Event()
        libre.set()
        actif = Actif(_Versions(self), lambda: self.jour, 0.1)
        await actif.actualiser()
        return Recalculeur(
            self.recalculs,
            MongoFormations(self.client, self.database, self.outbox),
            Etablir(
                self.recalculs,
                self.tables,
                UlidIds(self.clock),
                Annoncer(MongoImpacts(self.database)),
            ),
            actif,
            Lease(self.database, BAIL, self.settings.bail_s),
            self.settings,
            self.clock,
            libre,
        )

    async def jusqu_au_repos(self, recalculeur: Recalculeur | None = None) -> None:
        """Have a process carry on until nothing is left to be done, then leave."""
        processus = recalculeur or await self.recalculeur()
        while await processus.avancer():
            pass
        await self.oublier_le_bail()

    async def oublier_le_bail(self) -> None:
        """Have the lease of a process that died run out."""
        await self.database["baux"].delete_many({})

    async def fermetures(self) -> dict[str, str | None]:
        """Return the closing date that each formation shows."""
        return {
            document["_id"]: document["formation"]["cfd_date_fermeture"]
            async for document in self.database["formations"].find()
        }

    async def historique(self) -> list[str]:
        return [d["_id"] async for d in self.database["historique"].find().sort("_id")]

    async def evenements(self, topic: Topic) -> list[Event]:
        documents = self.outbox.collection.find().sort([("ordre", 1), ("_id", 1)])
        tous = [event async for d in documents for event in chunk.unpack(d["bloc"])]
        return [event for event in tous if event.topic == topic]


class _Versions:
    """`ports.ReferencesStore` of one process, over the tables of the test."""

    def __init__(self, magasin: Magasin) -> None:
        self._magasin = magasin

    async def version_active(self) -> str | None:
        return self._magasin.version

    async def charger(self, version: str) -> References:
        return await self._magasin.tables.charger(version)


@pytest_asyncio.fixture
async def magasin(mongo: Client, database: Database, settings: KernelSettings) -> Magasin:
    magasin = Magasin(mongo, database, settings)
    await magasin.prepare()
    await magasin.activer("v1")
    await magasin.jusqu_au_repos()
    return magasin


async def test_what_a_move_touches_is_computed_again_and_nothing_else(magasin: Magasin) -> None:
    await magasin.deposer(["F1", "F2"], "v1")
    await magasin.deposer(["G1", "G2"], "v1", cfd=BAC_PRO)
    await magasin.activer("v2")
    await magasin.jusqu_au_repos()

    assert await magasin.fermetures() == {"F1": FERMETURE, "F2": FERMETURE, "G1": None, "G2": None}
    (passe,) = await magasin.recalculs.lister(10)
    assert (passe.etat, passe.total, passe.lues, passe.changees) == ("termine", 2, 2, 2)
    assert await magasin.recalculs.restantes() == 0


async def test_history_tells_the_version_that_changed_a_formation(magasin: Magasin) -> None:
    await magasin.deposer(["F1"], "v1")
    await magasin.activer("v2")
    await magasin.jusqu_au_repos()

    entree = await magasin.database["historique"].find_one({"formation": "F1"})
    assert entree is not None
    (passe,) = await magasin.recalculs.lister(10)
    assert (entree["cause"], entree["auteur"]) == ("references", "catalogue")
    assert entree["detail"] == {"recalcul": passe.id, "de": "v1", "version": "v2"}
    assert entree["champs"]["cfd_date_fermeture"] == ["2024-08-31", FERMETURE]


async def test_all_formations_are_late_until_a_new_version_is_taken_into_account(
    magasin: Magasin,
) -> None:
    await magasin.deposer(["F1", "F2", "F3"], "v1")
    assert await magasin.recalculs.restantes() == 0
    await magasin.activer("v2")
    assert await magasin.recalculs.restantes() == 3


async def test_a_batch_that_commits_late_is_waited_for_and_computed_again(
    magasin: Magasin,
) -> None:
    await magasin.deposer(["F1"], "v1")
    async with _en_suspens(magasin, "TARD", tenu=True) as (terminer, lot):
        await magasin.activer("v2")
        passe = asyncio.create_task(magasin.jusqu_au_repos())
        await eventually(lambda: _barriere_levee(magasin))
        assert not passe.done()
        assert await magasin.fermetures() == {"F1": "2024-08-31"}
        terminer()
        await lot
        await passe

    assert await magasin.fermetures() == {"F1": FERMETURE, "TARD": FERMETURE}


async def test_a_batch_that_read_before_and_writes_after_is_refused(magasin: Magasin) -> None:
    async with _en_suspens(magasin, "TARD", tenu=False) as (terminer, lot):
        await magasin.activer("v2")
        await magasin.jusqu_au_repos()
        terminer()
        with pytest.raises(SocleDepasse):
            await lot

    assert await magasin.fermetures() == {}


async def test_older_tables_write_nothing_any_more_and_newer_ones_do(magasin: Magasin) -> None:
    await magasin.activer("v2")
    await magasin.jusqu_au_repos()
    magasin.tables.versions["v3"] = _fermee("v3")

    with pytest.raises(SocleDepasse):
        await magasin.deposer(["F1"], "v1")
    await magasin.deposer(["F2"], "v3")
    assert await magasin.fermetures() == {"F2": FERMETURE}


async def test_going_back_admits_the_former_tables_again(magasin: Magasin) -> None:
    await magasin.deposer(["F1"], "v1")
    for version in ("v2", "v1"):
        await magasin.activer(version)
        await magasin.jusqu_au_repos()
    await magasin.deposer(["F2"], "v1")

    assert await magasin.fermetures() == {"F1": "2024-08-31", "F2": "2024-08-31"}
    assert await magasin.historique() == ["F1.0000000002", "F1.0000000003"]


async def test_a_pass_interrupted_anywhere_is_resumed_and_writes_history_once(
    magasin: Magasin,
) -> None:
    noms = [f"F{n:02d}" for n in range(10)]
    await magasin.deposer(noms, "v1")
    await magasin.activer("v2")
    while await (await magasin.recalculeur()).avancer():
        await magasin.oublier_le_bail()

    assert set((await magasin.fermetures()).values()) == {FERMETURE}
    assert await magasin.historique() == [f"{nom}.0000000002" for nom in noms]
    told = [(e.key, e.sequence) for e in await magasin.evenements(FORMATIONS)]
    assert sorted(told) == sorted([(nom, n) for nom in noms for n in (1, 2)])


async def test_two_processes_that_both_believe_in_the_lease_do_nothing_twice(
    magasin: Magasin,
) -> None:
    noms = [f"F{n:02d}" for n in range(12)]
    await magasin.deposer(noms, "v1")
    await magasin.activer("v2")
    premier = await magasin.recalculeur()
    await premier.avancer()  # asks for the pass, and carries on a batch
    passe = await magasin.recalculs.prochain()
    assert passe is not None
    attarde = replace(passe, curseur="")

    with pytest.raises(Contention):
        await avancer(attarde, noms[:4], magasin.regles("v2"), magasin.formations, NOW)
    await magasin.jusqu_au_repos(premier)
    assert await magasin.historique() == [f"{nom}.0000000002" for nom in noms]


async def test_a_new_day_computes_all_again_and_writes_what_it_changes(magasin: Magasin) -> None:
    await magasin.deposer(["F1"], "v1")  # closes in 2024, open in 2020
    await magasin.deposer(["G1"], "v1", cfd=BAC_PRO)
    magasin.jour = date(2025, 1, 1)
    await magasin.jusqu_au_repos()

    (passe,) = await magasin.recalculs.lister(10)
    assert (passe.nature, passe.lues, passe.changees >= 1) == ("jour", 2, True)
    entree = await magasin.database["historique"].find_one({"formation": "F1"})
    assert entree is not None
    assert entree["cause"] == "jour"
    await magasin.jusqu_au_repos()
    assert len(await magasin.recalculs.lister(10)) == 1


async def test_a_whole_pass_on_demand_writes_nothing_when_nothing_differs(
    magasin: Magasin,
) -> None:
    await magasin.deposer(["F1", "F2", "F3", "F4", "F5"], "v1")
    socle = (await magasin.recalculs.etabli()).socle  # type: ignore[union-attr]
    await demander(TOUT, "marie", socle, magasin.recalculs, "01DEMANDE", NOW)
    await magasin.jusqu_au_repos()

    passe = await magasin.recalculs.trouver("01DEMANDE")
    assert passe is not None
    assert (passe.lues, passe.changees, passe.demandee_par) == (5, 0, "marie")
    assert await magasin.historique() == []


async def test_a_move_is_announced_once_with_whom_it_concerns(magasin: Magasin) -> None:
    await magasin.deposer(["F1", "F2"], "v1")
    await magasin.activer("v2")
    await magasin.jusqu_au_repos()
    await magasin.jusqu_au_repos()

    (annonce,) = await magasin.evenements(REFERENTIELS)
    lu = ReferentielV1.model_validate_json(annonce.data)
    assert (lu.table, lu.version, lu.precedente) == ("cfd", "v2", "v1")
    (impact,) = lu.impacts
    assert (impact.nature, impact.code, impact.le) == ("cfd_ferme", CAP_SUIVANT, FERMETURE)
    assert [(un.code, un.offres) for un in impact.etablissements] == [(SIRET_CONNU, 2)]
    assert [(un.code, un.offres) for un in impact.academies] == [("23", 2)]
    kept = await MongoImpacts(magasin.database).lire("v2")
    assert kept is not None
    assert kept.avis[0].offres == 2


@asynccontextmanager
async def _en_suspens(
    magasin: Magasin, nom: str, *, tenu: bool
) -> AsyncIterator[tuple[Callable[[], None], asyncio.Task[None]]]:
    """Give a batch under v1 that has read, and holds its lock or not, and waits to end."""
    entree, sortie = asyncio.Event(), asyncio.Event()
    regles = magasin.regles("v1")
    donnees = evenement(nom, offre=offre(cfd=CAP_SUIVANT, rncp_code=None))
    calcul = calculer(lire_evenement(donnees), regles)

    async def travail(transaction: Transaction) -> None:
        plan = planifier([calcul], await transaction.tetes([nom]), NOW)
        if tenu:
            await ecrire(transaction, plan, regles, NOW)
        entree.set()
        await sortie.wait()
        if not tenu:
            await ecrire(transaction, plan, regles, NOW)

    propres = MongoFormations(magasin.client, magasin.database, magasin.outbox)
    lot = asyncio.create_task(propres.transaction(travail))
    await entree.wait()
    try:
        yield sortie.set, lot
    finally:
        sortie.set()
        await asyncio.wait({lot})


async def _barriere_levee(magasin: Magasin) -> bool:
    barriere = await magasin.database["verrous"].find_one({"_id": "barriere"})
    return barriere is not None and barriere["depassees"] == ["v1"]
