"""The sweep of stale judgements: what it visits, what it writes, what it does when disturbed."""

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
import pytest_asyncio

from contracts.statuts import Plateforme
from services.export.adapters.mongo import BaseMongo
from services.export.adapters.reevaluations import ReevaluationsMongo
from services.export.adapters.regles import JugesMongo, ReglesMongo
from services.export.domain.regles_lecture import lire_fichier
from services.export.entrypoints.consumer import balayer
from services.export.ports import Document
from services.export.settings import ExportSettings
from services.export.usecases.projeter import appliquer
from services.export.usecases.reevaluer import Bilan, reprendre
from services.kernel.clock import FixedClock
from tests.support.polling import eventually
from tests.unit.export.fabrique import INSTANT, document_de_regle, evenement, offre

pytestmark = pytest.mark.integration

AF = Plateforme.AFFELNET
IDS = [f"{rang:026}" for rang in range(1, 7)]
VALIDATION = {
    "statut": "à publier (soumis à validation)",
    "condition_integration": "peut intégrer",
}


async def charger(base: BaseMongo, *regles: dict[str, Any]) -> None:
    await ReglesMongo(base).remplacer(lire_fichier(regles).regles, INSTANT)


class Perturbees(ReevaluationsMongo):
    """Does something between what is read and what is written."""

    def __init__(self, base: BaseMongo, faire: Any) -> None:  # noqa: ANN401
        super().__init__(base)
        self._faire = faire

    async def ecrire(self, *arguments: Any) -> bool:  # noqa: ANN401
        await self._faire()
        return await super().ecrire(*arguments)


@pytest_asyncio.fixture(autouse=True)
async def offres(base: BaseMongo, juges: JugesMongo, horloge: FixedClock) -> None:
    """Three BTS and three CAP, judged under the first rules."""
    await charger(base, document_de_regle(), document_de_regle(AF))
    lot = [evenement(un, formation=offre(AF) if rang > 2 else {}) for rang, un in enumerate(IDS)]
    await appliquer(lot, base, juges, horloge)
    await reprendre(ReevaluationsMongo(base), base, juges, horloge, lot=2)
    # As long ago: what was just written is looked at once more, should it be under an older mark.
    await base.formations.update_many({}, {"$unset": {"ecrit": ""}})


async def sequences(base: BaseMongo) -> Mapping[str, int]:
    return {un["_id"]: un["publication"]["sequence"] async for un in base.formations.find({})}


async def test_a_rule_that_moves_touches_the_offers_of_its_diploma_alone(
    base: BaseMongo, juges: JugesMongo, horloge: FixedClock
) -> None:
    await charger(base, document_de_regle(), document_de_regle(AF, **VALIDATION))
    assert await reprendre(ReevaluationsMongo(base), base, juges, horloge, lot=2) == Bilan(3, 3)
    assert await sequences(base) == dict.fromkeys(IDS[:3], 1) | dict.fromkeys(IDS[3:], 2)


async def test_nothing_is_written_of_what_is_judged_alike(
    base: BaseMongo, export: ExportSettings, horloge: FixedClock
) -> None:
    avant = [un async for un in base.formations.find({})]
    autre_jour = JugesMongo(base, export, lambda: date(2020, 9, 20))
    reevaluations = ReevaluationsMongo(base)
    assert await reprendre(reevaluations, base, autre_jour, horloge, lot=4) == Bilan(6, 0)
    assert [un async for un in base.formations.find({})] == avant
    assert await reprendre(reevaluations, base, autre_jour, horloge, lot=4) == Bilan(0, 0)


async def test_an_interrupted_sweep_goes_on_from_where_it_was(
    base: BaseMongo, export: ExportSettings, horloge: FixedClock
) -> None:
    juges = JugesMongo(base, export, lambda: date(2020, 9, 20))
    reponses = iter([True, False])

    async def une_fois() -> bool:
        return next(reponses)

    reevaluations = ReevaluationsMongo(base)
    coupe = await reprendre(reevaluations, base, juges, horloge, lot=2, poursuivre=une_fois)
    assert coupe == Bilan(2, 0, complet=False)
    assert await reprendre(reevaluations, base, juges, horloge, lot=2) == Bilan(4, 0)


async def test_a_fact_written_between_the_reading_and_the_writing_counts(
    base: BaseMongo, juges: JugesMongo, horloge: FixedClock
) -> None:
    async def livrer() -> None:
        neuf = offre(AF, annee="X")
        await appliquer([evenement(IDS[3], 2, formation=neuf)], base, juges, horloge)

    await charger(base, document_de_regle(), document_de_regle(AF, **VALIDATION))
    await reprendre(Perturbees(base, livrer), base, juges, horloge, lot=10)

    tenue: Any = await base.formations.find_one({"_id": IDS[3]})
    assert tenue["projection"]["annee"] == "X"
    assert "annee_exclue" in tenue["eligibilites"]["affelnet"]["obstacles"]
    autre: Any = await base.formations.find_one({"_id": IDS[4]})
    assert autre["affiche"]["affelnet"] == VALIDATION["statut"]


async def test_what_was_written_late_under_older_rules_is_judged_again(
    base: BaseMongo, export: ExportSettings, juges: JugesMongo, horloge: FixedClock
) -> None:
    anciens = JugesMongo(base, export, lambda: date(2020, 11, 16))
    dernier = await anciens.courant()

    class Figes:
        async def courant(self) -> Any:  # noqa: ANN401
            return dernier

    await charger(base, document_de_regle(), document_de_regle(AF, **VALIDATION))
    reevaluations = ReevaluationsMongo(base)
    await reprendre(reevaluations, base, juges, horloge, lot=10)
    tardive = evenement("9" * 26, formation=offre(AF))
    await appliquer([tardive], base, Figes(), horloge)
    assert await reprendre(reevaluations, base, juges, horloge, lot=10) == Bilan(1, 1)
    assert await reprendre(reevaluations, base, juges, horloge, lot=10) == Bilan(0, 0)
    tenue: Document | None = await base.formations.find_one({"_id": "9" * 26})
    assert tenue is not None
    assert tenue["affiche"]["affelnet"] == VALIDATION["statut"]


async def test_the_consumer_sweeps_by_itself_when_a_rule_moves(
    base: BaseMongo, export: ExportSettings, juges: JugesMongo, horloge: FixedClock
) -> None:
    stop = asyncio.Event()
    settings = export.model_copy(update={"reevaluation_attente_s": 0.02})
    tache = asyncio.create_task(balayer(stop, base, settings, juges, horloge))
    try:
        await charger(base, document_de_regle(), document_de_regle(AF, **VALIDATION))
        statut = {"affiche.affelnet": VALIDATION["statut"]}

        async def reevaluees() -> bool:
            return await base.formations.count_documents(statut) == 3

        await eventually(reevaluees)
    finally:
        stop.set()
        await tache


async def test_a_look_that_finds_nothing_reads_no_offer(
    base: BaseMongo, juges: JugesMongo, horloge: FixedClock
) -> None:
    await charger(base, document_de_regle(), document_de_regle(AF, **VALIDATION))
    await reprendre(ReevaluationsMongo(base), base, juges, horloge, lot=2)
    await appliquer([evenement(un, 2) for un in IDS], base, juges, horloge)
    await base.base.command("profile", 2)
    await reprendre(ReevaluationsMongo(base), base, juges, horloge, lot=2)
    await base.base.command("profile", 0)
    lues = base.base["system.profile"].find({"op": "query", "ns": base.formations.full_name})
    assert [un["docsExamined"] async for un in lues] == [0]
