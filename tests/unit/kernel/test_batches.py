"""Batches of what comes one by one, and of what is at hand."""

from collections.abc import AsyncIterator

from hypothesis import given
from hypothesis import strategies as st

from services.kernel.batches import in_batches, slices


async def _one_by_one(items: list[int]) -> AsyncIterator[int]:
    for item in items:
        yield item


@given(st.lists(st.integers(), max_size=30), st.integers(min_value=1, max_value=8))
async def test_everything_comes_once_in_order_in_full_batches_and_a_last_one(
    items: list[int], size: int
) -> None:
    batches = [batch async for batch in in_batches(_one_by_one(items), size)]

    assert [item for batch in batches for item in batch] == items
    assert all(len(batch) == size for batch in batches[:-1])
    assert all(batches)


async def test_the_next_item_is_not_asked_for_before_a_full_batch_is_taken() -> None:
    asked: list[int] = []

    async def source() -> AsyncIterator[int]:
        for item in range(4):
            asked.append(item)
            yield item

    batches = in_batches(source(), 2)
    assert await anext(batches) == [0, 1]
    assert asked == [0, 1]


@given(st.lists(st.integers(), max_size=30), st.integers(min_value=1, max_value=8))
def test_slices_are_the_batches_of_what_is_at_hand(items: list[int], size: int) -> None:
    parts = list(slices(items, size))

    assert [item for part in parts for item in part] == items
    assert all(len(part) == size for part in parts[:-1])
    assert all(parts)
