"""The behaviour suites of export's ports, on MongoDB; one database for all of them."""

import uuid
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from deploy.local.config import Addresses
from services.export.adapters.envois import EnvoisMongo
from services.export.adapters.erreurs_parcoursup import ErreursMongo
from services.export.adapters.imports import ImportsMongo
from services.export.adapters.lots import LotsMongo
from services.export.adapters.mongo import BaseMongo, ouvrir
from services.export.adapters.operations import OperationsMongo
from services.export.adapters.reevaluations import ReevaluationsMongo
from services.export.adapters.reglages_parcoursup import ReglagesMongo
from services.export.adapters.regles import JugesMongo, ReglesMongo
from services.export.adapters.relectures import RelecturesMongo
from services.export.adapters.surveillance import SurveillanceMongo
from services.export.settings import ExportSettings
from tests.support.suite_export.banc import DEBUT, Banc, Jour
from tests.support.suite_export.envois import SuiteEnvois
from tests.support.suite_export.imports import SuiteImports
from tests.support.suite_export.operations import SuiteOperations
from tests.support.suite_export.reevaluations import SuiteReevaluations
from tests.support.suite_export.regles import SuiteRegles
from tests.support.suite_export.relectures import SuiteRelectures
from tests.support.suite_export.surveillance import SuiteSurveillance
from tests.support.suite_export.transactions import SuiteTransactions

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def reglages(servers: Addresses) -> ExportSettings:
    """The settings of one namespace for the whole module: its indexes are made once."""
    espace = f"t{uuid.uuid4().hex[:12]}"
    return ExportSettings(
        kafka=servers.kafka, mongo=servers.mongo, elastic=servers.elastic, espace=espace,
        campagne_debut=DEBUT, parcoursup_relecture=None,
    )  # fmt: skip


@pytest_asyncio.fixture(scope="module")
async def vide(reglages: ExportSettings) -> AsyncIterator[BaseMongo]:
    """Export's database, dropped afterwards."""
    async with ouvrir(reglages) as base:
        await OperationsMongo(base).preparer()
        await ImportsMongo(base).preparer()
        yield base
        await base.client.drop_database(base.base.name)


@pytest_asyncio.fixture
async def banc(vide: BaseMongo, reglages: ExportSettings) -> AsyncIterator[Banc]:
    """Bring an empty store; what a test writes is deleted."""
    jour, erreurs = Jour(), ErreursMongo(vide)
    histoires = {
        "evenements": vide.outbox.collection,
        "historique": vide.historique,
        "actes": vide.actes,
    }

    async def compter(histoire: str) -> int:
        return await histoires[histoire].count_documents({})

    yield Banc(
        base=vide,
        lots=LotsMongo(vide),
        regles=ReglesMongo(vide),
        juges=JugesMongo(vide, reglages, jour),
        reevaluations=ReevaluationsMongo(vide),
        operations=OperationsMongo(vide),
        imports=ImportsMongo(vide),
        envois=EnvoisMongo(vide),
        surveillance=SurveillanceMongo(vide),
        reglages=ReglagesMongo(vide, reglages),
        erreurs=erreurs,
        relectures=RelecturesMongo(vide),
        compter=compter,
        jour=jour,
    )
    for nom in await vide.base.list_collection_names():
        await vide.base[nom].delete_many({})


class TestTransactions(SuiteTransactions):
    """On MongoDB."""


class TestOperations(SuiteOperations):
    """On MongoDB."""


class TestRegles(SuiteRegles):
    """On MongoDB."""


class TestReevaluations(SuiteReevaluations):
    """On MongoDB."""


class TestEnvois(SuiteEnvois):
    """On MongoDB."""


class TestSurveillance(SuiteSurveillance):
    """On MongoDB."""


class TestRelectures(SuiteRelectures):
    """On MongoDB."""


class TestImports(SuiteImports):
    """On MongoDB."""
