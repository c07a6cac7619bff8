"""What comes one by one, taken in batches: a query, a write or a commit for each, not for one."""

from collections.abc import AsyncIterable, AsyncIterator
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
