"""Halving: everything is applied or returned, transient faults pass through."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kernel.errors import Contention, Retry
from services.kernel.halves import at_most, in_halves


@given(st.lists(st.integers()), st.sets(st.integers()))
async def test_every_item_is_applied_in_order_or_returned(
    items: list[int], poison: set[int]
) -> None:
    applied: list[int] = []

    async def apply(part: Sequence[int]) -> None:
        if poison & set(part):
            raise ValueError
        applied.extend(part)

    returned = await in_halves(items, apply)

    assert [item for item, _ in returned] == [item for item in items if item in poison]
    assert applied == [item for item in items if item not in poison]


async def test_contention_is_met_by_smaller_parts() -> None:
    applied: list[Sequence[int]] = []

    async def apply(part: Sequence[int]) -> None:
        if len(part) > 3:
            raise Contention("trop grand")
        applied.append(part)

    assert await in_halves(range(10), apply) == []
    assert [list(part) for part in applied] == [[0, 1], [2, 3, 4], [5, 6], [7, 8, 9]]


async def test_contention_over_one_item_is_a_transient_fault() -> None:
    async def apply(_: Sequence[int]) -> None:
        raise Contention("conflit")

    with pytest.raises(Contention):
        await in_halves([1, 2], apply)


@pytest.mark.parametrize("fault", [Retry("panne"), ConnectionResetError(), TimeoutError()])
async def test_a_fault_that_no_smaller_batch_avoids_passes_at_once(fault: Exception) -> None:
    calls: list[int] = []

    async def apply(part: Sequence[int]) -> None:
        calls.append(len(part))
        raise fault

    with pytest.raises(type(fault)):
        await in_halves(range(8), apply)
    assert calls == [8]


async def test_work_that_finds_its_items_itself_is_asked_for_less_of_them() -> None:
    asked: list[int] = []

    async def apply(size: int) -> int:
        asked.append(size)
        if size > 2:
            raise Contention("d'autres écrivent")
        return size

    assert await at_most(10, apply) == 2
    assert asked == [10, 5, 2]


async def test_one_item_that_does_not_get_through_is_told_of() -> None:
    async def apply(_: int) -> None:
        raise Contention("conflit")

    with pytest.raises(Contention):
        await at_most(4, apply)
