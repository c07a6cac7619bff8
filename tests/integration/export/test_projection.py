"""The consumer of formations: idempotent, newer only, one event per change of state."""

import random
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
import pytest

from contracts.evenements import AvancementV1, PublicationV1
from contracts.topics import AVANCEMENT, PUBLICATIONS
from services.export.adapters.mongo import BaseMongo
from services.export.adapters.reevaluations import ReevaluationsMongo
from services.export.adapters.regles import JugesMongo, ReglesMongo
from services.export.domain.publication import JAMAIS_DITE
from services.export.domain.regles_lecture import lire_fichier
from services.export.settings import ExportSettings
from services.export.usecases.projeter import appliquer
from services.export.usecases.reevaluer import Bilan, reprendre
from services.kernel.clock import FixedClock
from services.kernel.settings import KernelSettings
from tests.integration.export.conftest import consommant
from tests.support.kafka import read_all
from tests.support.polling import eventually
from tests.unit.export.fabrique import INSTANT, document_de_regle, evenement

pytestmark = pytest.mark.integration


def _ids(nombre: int) -> list[str]:
    return [f"{rang:026}" for rang in range(nombre)]


async def _sequences(base: BaseMongo) -> dict[str, tuple[int, int]]:
    return {
        un["_id"]: (un["sequence"], un["publication"]["sequence"])
        async for un in base.formations.find({})
    }


async def test_records_become_publications_and_progress(
    base: BaseMongo,
    juges: JugesMongo,
    export: ExportSettings,
    horloge: FixedClock,
    topics: KernelSettings,
    publier: Callable[..., Awaitable[None]],
) -> None:
    await publier([evenement(un, origine={"depot": "D", "ligne": rang})
                   for rang, un in enumerate(_ids(50), 1)])  # fmt: skip
    async with consommant(base, juges, export, horloge):
        await eventually(lambda: _nombre(topics, 50))
    publications = [
        PublicationV1.model_validate_json(un.value)
        for un in await read_all(topics, PUBLICATIONS)
        if un.value
    ]
    assert Counter(un.parcoursup.statut for un in publications) == {"à publier": 50}
    assert {un.affelnet.statut for un in publications} == {"non publiable en l'état"}
    avancement = [
        AvancementV1.model_validate_json(un.value)
        for un in await read_all(topics, AVANCEMENT)
        if un.value
    ]
    lignes = {n for un in avancement for a, b in un.lignes for n in range(a, b + 1)}
    assert lignes == set(range(1, 51))


async def _nombre(topics: KernelSettings, attendu: int) -> bool:
    return len(await read_all(topics, PUBLICATIONS)) == attendu


async def test_replays_and_disorder_converge(
    base: BaseMongo, juges: JugesMongo, horloge: FixedClock
) -> None:
    hasard = random.Random(5)
    etats = [
        evenement(un, sequence, formation={"annee": hasard.choice("12X")})
        for un in _ids(20)
        for sequence in range(1, 6)
    ]
    for _ in range(4):
        lot = hasard.sample(etats, len(etats))
        for debut in range(0, len(lot), 30):
            await appliquer(lot[debut : debut + 30], base, juges, horloge)
    async for tenue in base.formations.find({}):
        dernier = next(un for un in etats if (un["id"], un["sequence"]) == (tenue["_id"], 5))
        assert tenue["sequence"] == 5
        assert tenue["projection"]["annee"] == dernier["formation"]["annee"]
    avant = await _sequences(base)
    await appliquer(etats, base, juges, horloge)
    assert await _sequences(base) == avant


async def test_the_same_sequence_with_another_digest_is_a_repair(
    base: BaseMongo, juges: JugesMongo, horloge: FixedClock
) -> None:
    (un,) = _ids(1)
    await appliquer([evenement(un)], base, juges, horloge)
    await appliquer(
        [evenement(un, empreinte="autre", formation={"annee": "2"})], base, juges, horloge
    )
    tenue: Any = await base.formations.find_one({"_id": un})
    assert tenue["projection"]["annee"] == "2"
    assert tenue["publication"]["sequence"] == 2


async def test_a_change_that_nobody_sees_is_not_told(
    base: BaseMongo, juges: JugesMongo, horloge: FixedClock
) -> None:
    (un,) = _ids(1)
    await appliquer([evenement(un)], base, juges, horloge)
    await appliquer([evenement(un, 2, formation={"localite": "Apt"})], base, juges, horloge)
    assert await _sequences(base) == {un: (2, 1)}


async def test_other_rules_judge_again_and_tell_only_what_changed(
    base: BaseMongo, juges: JugesMongo, horloge: FixedClock
) -> None:
    bts, autre = _ids(2)
    lot = [evenement(bts), evenement(autre, formation={"diplome": "AUTRE"})]
    await appliquer(lot, base, juges, horloge)
    lecture = lire_fichier([document_de_regle(statut="à publier (soumis à validation Recteur)")])
    await ReglesMongo(base).remplacer(lecture.regles, INSTANT)
    reevaluations = ReevaluationsMongo(base)
    assert (await reprendre(reevaluations, base, juges, horloge, lot=1)).changees == 1
    assert await reprendre(reevaluations, base, juges, horloge, lot=1) == Bilan(0, 0)
    assert await _sequences(base) == {bts: (1, 2), autre: (1, JAMAIS_DITE)}


async def test_withdrawal_is_a_state(
    base: BaseMongo, juges: JugesMongo, horloge: FixedClock
) -> None:
    (un,) = _ids(1)
    await appliquer([evenement(un)], base, juges, horloge)
    await appliquer([evenement(un, 2, etat="retiree")], base, juges, horloge)
    await appliquer([evenement(un)], base, juges, horloge)
    tenue: Any = await base.formations.find_one({"_id": un})
    assert tenue["publication"]["plateformes"]["parcoursup"]["explication"] == ["retiree"]
    assert orjson.dumps(tenue["affiche"]) == b"{}"
