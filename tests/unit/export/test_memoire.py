"""The behaviour suites of export's ports, on those in memory."""

import pytest

from tests.support.export.imports import ImportsEnMemoire
from tests.support.export.magasin import Magasin
from tests.support.export.operations import LotsEnMemoire, OperationsEnMemoire
from tests.support.export.parcoursup import PosteParcoursup
from tests.support.export.reevaluations import ReevaluationsEnMemoire
from tests.support.export.regles import JugesEnMemoire, ReglesEnMemoire
from tests.support.suite_export.banc import DEBUT, Banc, Jour
from tests.support.suite_export.envois import SuiteEnvois
from tests.support.suite_export.imports import SuiteImports
from tests.support.suite_export.operations import SuiteOperations
from tests.support.suite_export.reevaluations import SuiteReevaluations
from tests.support.suite_export.regles import SuiteRegles
from tests.support.suite_export.relectures import SuiteRelectures
from tests.support.suite_export.surveillance import SuiteSurveillance
from tests.support.suite_export.transactions import SuiteTransactions


@pytest.fixture
def banc() -> Banc:
    """Bring an empty store."""
    magasin, jour = Magasin(), Jour()
    poste = PosteParcoursup(magasin)

    async def compter(histoire: str) -> int:
        return len(getattr(magasin.etat, histoire))

    return Banc(
        base=magasin,
        lots=LotsEnMemoire(magasin),
        regles=ReglesEnMemoire(magasin),
        juges=JugesEnMemoire(magasin, jour, DEBUT),
        reevaluations=ReevaluationsEnMemoire(magasin),
        operations=OperationsEnMemoire(magasin),
        imports=ImportsEnMemoire(magasin),
        envois=poste,
        surveillance=poste,
        reglages=poste,
        erreurs=poste,
        relectures=poste,
        compter=compter,
        jour=jour,
    )


class TestTransactions(SuiteTransactions):
    """In memory."""


class TestOperations(SuiteOperations):
    """In memory."""


class TestRegles(SuiteRegles):
    """In memory."""


class TestReevaluations(SuiteReevaluations):
    """In memory."""


class TestEnvois(SuiteEnvois):
    """In memory."""


class TestSurveillance(SuiteSurveillance):
    """In memory."""


class TestRelectures(SuiteRelectures):
    """In memory."""


class TestImports(SuiteImports):
    """In memory."""
