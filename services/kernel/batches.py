"""Many things taken in batches: a query, a write or a commit for each batch, not for each thing."""

from collections.abc import AsyncIterable, AsyncIterator, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


async def in_batches(items: AsyncIterable[T], size: int) -> AsyncIterator[list[T]]:
    """Yield lists of `size` items in their order, the last one shorter; none is empty."""
    batch: list[T] = []
    async for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def slices(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Yield what is at hand in parts of `size` items, in order, the last one shorter."""
    return (items[start : start + size] for start in range(0, len(items), size))
