"""The consumer as a process: offers in, formations and reports out, whatever happens to it."""

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
import pytest_asyncio
from aiokafka import AIOKafkaProducer

from contracts.evenements import FormationV1
from contracts.topics import AVANCEMENT, CONSTATS, FORMATIONS, OFFRES, Topic
from services.enrich.adapters.referentiels import MongoReferences
from services.enrich.domain.chargement.modele import TableLue
from services.kernel import naming
from services.kernel.events import event_headers, make_event
from services.kernel.mongo import Database
from services.kernel.settings import KernelSettings
from tests.support.kafka import read_all
from tests.support.polling import eventually
from tests.support.processes import python_module
from tests.support.references import installer
from tests.unit.enrich.fabrique import evenement, offre

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("topics")]

NOW = datetime(2026, 1, 15, 8, tzinfo=UTC)


@pytest_asyncio.fixture
async def version(referentiels: MongoReferences, tables: list[TableLue]) -> str:
    return (await installer(referentiels, "v1", tables, NOW, activer=False)).id


@pytest.fixture
def variables(environment: dict[str, str]) -> dict[str, str]:
    return environment | {
        "CATALOGUE_JOUR_METIER": "2020-11-16",
        "CATALOGUE_REFERENCES_ATTENTE_S": "0.1",
        "CATALOGUE_SESSION_S": "6",
    }


@asynccontextmanager
async def _consommateur(variables: dict[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    async with python_module("services.enrich", "consumer", environment=variables) as processus:
        yield processus


async def _deposer(settings: KernelSettings, evenements: Sequence[dict[str, Any]]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=settings.kafka, linger_ms=10)
    await producer.start()
    try:
        envois = []
        for donnees in evenements:
            event = make_event(OFFRES, donnees["id"], donnees["sequence"], donnees, NOW)
            envois.append(
                await producer.send(
                    naming.topic(settings, OFFRES),
                    event.data,
                    key=event.key.encode(),
                    headers=event_headers(event, b"catalogue/collect"),
                )
            )
        await asyncio.gather(*envois)
    finally:
        await producer.stop()


async def _lues(settings: KernelSettings, topic: Topic) -> list[dict[str, Any]]:
    return [orjson.loads(record.value or b"{}") for record in await read_all(settings, topic)]


async def _rangs(settings: KernelSettings, etape: str) -> set[int]:
    return {
        rang
        for donnees in await _lues(settings, AVANCEMENT)
        if donnees["etape"] == etape
        for debut, fin in donnees["lignes"]
        for rang in range(debut, fin + 1)
    }


def _offres(nombre: int, sequence: int = 1, **champs: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    return [
        evenement(f"F{n:04d}", sequence, origine={"depot": "D1", "ligne": n}, **champs)
        for n in range(1, nombre + 1)
    ]


async def test_offers_become_formations_and_every_line_is_answered(
    settings: KernelSettings,
    variables: dict[str, str],
    referentiels: MongoReferences,
    version: str,
) -> None:
    await referentiels.activer(version, NOW)
    async with _consommateur(variables):
        await _deposer(settings, _offres(50))
        await _attendre(lambda: _complet(settings, 50))

    formations = [FormationV1.model_validate(d) for d in await _lues(settings, FORMATIONS)]
    assert len({formation.id for formation in formations}) == 50
    answered = [ligne for lot in await _lues(settings, CONSTATS) for ligne in lot["lignes"]]
    assert sorted(ligne["ligne"] for ligne in answered) == list(range(1, 51))


async def test_offers_wait_for_tables(
    settings: KernelSettings,
    variables: dict[str, str],
    referentiels: MongoReferences,
    version: str,
) -> None:
    await _deposer(settings, _offres(3))
    async with _consommateur(variables):
        await asyncio.sleep(0)
        assert await _lues(settings, FORMATIONS) == []
        await referentiels.activer(version, NOW)
        await _attendre(lambda: _complet(settings, 3))


async def test_a_consumer_killed_in_the_middle_loses_and_repeats_nothing(
    settings: KernelSettings,
    variables: dict[str, str],
    referentiels: MongoReferences,
    database: Database,
    version: str,
) -> None:
    await referentiels.activer(version, NOW)
    variables["CATALOGUE_LOT_MAX"] = "20"
    await _deposer(settings, _offres(400))
    await _deposer(settings, _offres(400, 2, offre=offre(capacite="12")))
    async with _consommateur(variables) as premier:
        await _attendre(lambda: _commence(database))
        premier.send_signal(signal.SIGKILL)
        await premier.wait()
    async with _consommateur(variables):
        await _attendre(lambda: _capacites(database, 400))
        await _attendre(lambda: _publiees(settings, 800))

    fois = Counter((d["id"], d["sequence"]) for d in await _lues(settings, FORMATIONS))
    assert set(fois.values()) == {1}
    assert await database["historique"].count_documents({}) == 400
    assert await _rangs(settings, "enrichie") == set(range(1, 401))


async def test_what_is_no_offer_is_parked_and_the_rest_goes_on(
    settings: KernelSettings,
    variables: dict[str, str],
    referentiels: MongoReferences,
    version: str,
) -> None:
    await referentiels.activer(version, NOW)
    async with _consommateur(variables):
        await _deposer(settings, [*_offres(20), evenement("MAUVAISE", operation="effacement")])
        await _attendre(lambda: _complet(settings, 20))
        await _attendre(lambda: _ecarte(settings))

    (ecarte,) = await read_all(settings, OFFRES.rebut)
    assert dict(ecarte.headers)["rebut_code"] == b"offre_illisible"


async def _attendre(condition: Callable[[], Awaitable[bool]]) -> None:
    _: bool = await eventually(condition, deadline=40)


async def _complet(settings: KernelSettings, nombre: int) -> bool:
    return await _rangs(settings, "enrichie") == set(range(1, nombre + 1))


async def _publiees(settings: KernelSettings, nombre: int) -> bool:
    return len(await _lues(settings, FORMATIONS)) >= nombre


async def _capacites(database: Database, nombre: int) -> bool:
    return await database["formations"].count_documents({"formation.capacite": "12"}) == nombre


async def _commence(database: Database) -> bool:
    return await database["formations"].count_documents({}) > 0


async def _ecarte(settings: KernelSettings) -> bool:
    return bool(await read_all(settings, OFFRES.rebut))
