"""A batch applied to an index: newest parts, conflicts, saturation, refusals."""

import pytest

from services.kernel.errors import Retry
from services.search.domain.fusion import Etat
from services.search.ports import Issue
from services.search.usecases.indexer import Bilan, appliquer
from tests.support.formations import formation_v1, partie, publication_v1
from tests.unit.search.index_de_test import CIBLE, IndexDeTest


class Pauses:
    """Remembers the attempts that were waited for."""

    def __init__(self) -> None:
        """None yet."""
        self.tentatives: list[int] = []

    async def __call__(self, tentative: int) -> None:
        """Wait for nothing."""
        self.tentatives.append(tentative)


def _f(id_: str, sequence: int = 1) -> Etat:
    return partie(formation_v1(id_, sequence))


def _p(id_: str, sequence: int = 1) -> Etat:
    return partie(publication_v1(id_, sequence))


async def _appliquer(index: IndexDeTest, *etats: Etat, pause: Pauses | None = None) -> Bilan:
    return await appliquer(etats, index, CIBLE, tentatives=3, pause=pause or Pauses())


async def test_both_parts_of_a_batch_are_one_write() -> None:
    index = IndexDeTest()
    bilan = await _appliquer(index, _f("a"), _p("a"), _f("a", 2))
    assert index.ecritures == bilan.ecrits == 1
    assert index.documents["a"]["formation_sequence"] == 2
    assert index.documents["a"]["publications_sequence"] == 1


async def test_the_same_batch_again_writes_nothing() -> None:
    index = IndexDeTest()
    await _appliquer(index, _f("a"), _p("b"))
    bilan = await _appliquer(index, _f("a"), _p("b"))
    assert bilan.ecrits == 0


async def test_an_older_state_never_comes_back() -> None:
    index = IndexDeTest()
    await _appliquer(index, _f("a", 5))
    await _appliquer(index, _f("a", 4))
    assert index.documents["a"]["formation_sequence"] == 5


async def test_a_conflict_is_read_and_merged_again() -> None:
    index = IndexDeTest()
    autre = IndexDeTest()
    await _appliquer(autre, _p("a", 9))
    index.avant_d_ecrire.append(("a", autre.documents["a"]))
    pause = Pauses()
    bilan = await _appliquer(index, _f("a"), pause=pause)
    assert bilan.conflits == 1
    assert pause.tentatives == []
    assert index.documents["a"]["publications_sequence"] == 9
    assert index.documents["a"]["formation_sequence"] == 1


async def test_a_saturated_item_alone_is_tried_again_after_a_pause() -> None:
    index = IndexDeTest()
    index.fautes["b"] = [Issue.SATURE]
    pause = Pauses()
    await _appliquer(index, _f("a"), _f("b"), _f("c"), pause=pause)
    assert set(index.documents) == {"a", "b", "c"}
    assert index.ecritures == 3
    assert pause.tentatives == [1]


async def test_lasting_saturation_commits_nothing() -> None:
    index = IndexDeTest()
    index.fautes["b"] = [Issue.SATURE] * 9
    with pytest.raises(Retry):
        await _appliquer(index, _f("a"), _f("b"))


async def test_a_refused_document_keeps_no_other_from_the_index() -> None:
    index = IndexDeTest()
    index.fautes["b"] = [Issue.REFUS]
    bilan = await _appliquer(index, _f("a"), _f("b"), _f("c"))
    assert set(bilan.refus) == {"b"}
    assert set(index.documents) == {"a", "c"}


async def test_a_repair_is_counted() -> None:
    index = IndexDeTest()
    await _appliquer(index, _f("a"))
    bilan = await _appliquer(index, partie(formation_v1("a", empreinte="autre", localite="Brest")))
    assert bilan.repares == 1
    assert index.documents["a"]["commune_nom"] == "Brest"


async def test_a_batch_of_bad_records_alone_asks_the_index_nothing() -> None:
    assert await _appliquer(IndexDeTest()) == Bilan()
