"""How a batch ends: applied or parked and committed, or offered again."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from services.kernel.errors import Park, Retry
from services.kernel.events import Record
from services.kernel.line import Line
from services.kernel.parking import Parked
from services.kernel.recipe import Recipe, Uncommitted
from services.kernel.settings import KernelSettings

SETTINGS = KernelSettings(
    reprise_min_s=0.001,
    reprise_max_s=0.002,
    scrutation_max_s=1.0,
    lot_delai_s=0.2,
    lot_max=8,
    rebuts_fenetre=50,
)


class Handling:
    """A handler made of one function; remembers the sizes that it was given."""

    def __init__(self, handle: Callable[[Sequence[Record]], Any]) -> None:
        self._handle = handle
        self.sizes: list[int] = []

    async def handle(self, records: Sequence[Record]) -> Sequence[Parked]:
        self.sizes.append(len(records))
        result = self._handle(records)
        return (await result if asyncio.iscoroutine(result) else result) or ()


class Shelf:
    """Where parked records go; `faults` first attempts fail."""

    def __init__(self, faults: int = 0) -> None:
        self.parked: list[Parked] = []
        self._faults = faults

    async def publish(self, parked: Sequence[Parked]) -> None:
        if self._faults:
            self._faults -= 1
            raise Retry("pas de Kafka")
        self.parked += parked


def recipe(handler: Handling, shelf: Shelf | None = None) -> Recipe:
    return Recipe(SETTINGS, "essai", handler, shelf or Shelf(), Line(SETTINGS, "essai"))


def records(count: int) -> list[Record]:
    return [Record("t", 0, offset, 0, b"k", {}, b"{}") for offset in range(count)]


async def test_a_good_batch_is_handled_once() -> None:
    handler = Handling(lambda _: ())
    await recipe(handler).process(records(8))
    assert handler.sizes == [8]


async def test_what_the_handler_returns_is_parked() -> None:
    shelf = Shelf()
    batch = records(3)
    await recipe(Handling(lambda _: [Parked(batch[1], "c", "r")]), shelf).process(batch)
    assert [item.record for item in shelf.parked] == [batch[1]]


async def test_a_record_that_breaks_the_handler_is_found_and_parked_alone() -> None:
    shelf = Shelf()

    def fail_on_five(part: Sequence[Record]) -> None:
        if any(record.offset == 5 for record in part):
            raise KeyError("cfd")

    await recipe(Handling(fail_on_five), shelf).process(records(8))
    (item,) = shelf.parked
    assert (item.record.offset, item.code, item.reason) == (5, "inattendu", "KeyError: 'cfd'")


async def test_a_park_raised_keeps_its_code() -> None:
    shelf = Shelf()

    def park(_: Sequence[Record]) -> None:
        raise Park("siret_absent", "Pas de SIRET.")

    await recipe(Handling(park), shelf).process(records(1))
    assert [(item.code, item.reason) for item in shelf.parked] == [
        ("siret_absent", "Pas de SIRET.")
    ]


async def test_a_transient_fault_is_tried_again_and_parks_nothing() -> None:
    shelf = Shelf()
    faults = [Retry("panne"), ConnectionResetError()]

    def fail_twice(_: Sequence[Record]) -> None:
        if faults:
            raise faults.pop()

    handler = Handling(fail_twice)
    await recipe(handler, shelf).process(records(2))
    assert (handler.sizes, shelf.parked) == ([2, 2, 2], [])


async def test_an_outage_longer_than_half_the_deadline_gives_the_batch_up() -> None:
    def fail(_: Sequence[Record]) -> None:
        raise Retry("panne")

    with pytest.raises(Uncommitted, match="panne"):
        await recipe(Handling(fail)).process(records(2))


async def test_a_failed_parking_is_tried_again_never_dropped() -> None:
    shelf = Shelf(faults=2)
    batch = records(1)
    await recipe(Handling(lambda _: [Parked(batch[0], "c", "r")]), shelf).process(batch)
    assert len(shelf.parked) == 1


async def test_a_slow_batch_is_given_up_and_the_next_is_halved() -> None:
    tested = recipe(Handling(lambda _: asyncio.sleep(60)))
    with pytest.raises(Uncommitted, match="delai"):
        await tested.process(records(8))
    assert tested.batch_max == 4


async def test_a_record_alone_gets_almost_the_whole_interval() -> None:
    tested = recipe(Handling(lambda _: asyncio.sleep(0.3)))
    await tested.process(records(1))


async def test_quick_batches_grow_back_to_the_maximum() -> None:
    tested = recipe(Handling(lambda _: ()))
    tested.batch_max = 1
    for expected in (2, 4, 8, 8):
        await tested.process(records(1))
        assert tested.batch_max == expected


async def test_a_stop_ends_the_pauses() -> None:
    def fail(_: Sequence[Record]) -> None:
        raise Retry("panne", after=60)

    tested = recipe(Handling(fail))
    tested.stopping.set()
    with pytest.raises(Uncommitted, match="arret"):
        await tested.process(records(1))


async def test_mass_invalidity_parks_nothing() -> None:
    shelf = Shelf()
    batch = records(60)
    bad = [Parked(record, "c", "r") for record in batch[:31]]
    tested = recipe(Handling(lambda _: bad), shelf)
    with pytest.raises(Uncommitted, match="ligne_arretee"):
        await tested.process(batch)
    assert (shelf.parked, tested.line.stopped) == ([], True)


class TestLine:
    @pytest.mark.parametrize(("bad", "accepted"), [(25, True), (26, False)])
    def test_stops_above_half(self, bad: int, *, accepted: bool) -> None:
        batch = records(50)
        assert Line(SETTINGS, "g").accepts(batch, batch[:bad]) is accepted

    def test_adds_small_batches_up(self) -> None:
        line = Line(SETTINGS, "g")
        verdicts = [line.accepts([record], [record]) for record in records(50)]
        assert verdicts == [True] * 49 + [False]

    def test_judges_a_large_batch_as_a_whole(self) -> None:
        batch = records(1_000)
        assert Line(SETTINGS, "g").accepts(batch, batch[-400:])

    def test_does_not_count_a_batch_that_is_offered_again(self) -> None:
        line = Line(SETTINGS, "g")
        batch = records(50)
        assert not line.accepts(batch, batch)
        assert line.accepts(batch, [])
