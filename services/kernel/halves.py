"""Whole batches when they go, halves when they do not: finds the poison, sheds the contention."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from services.kernel.errors import Contention
from services.kernel.transient import is_transient

T = TypeVar("T")


async def in_halves(
    items: Sequence[T], apply: Callable[[Sequence[T]], Awaitable[None]]
) -> list[tuple[T, Exception]]:
    """Apply `items` in order, whole if possible; return those that cannot be, each with its error.

    `apply` must be all or nothing, or idempotent. A `Contention` or a document that is too large
    is met by two halves; so is any permanent error, down to the one item that causes it. Every
    item is applied or returned.

    Raises:
        Retry: a transient fault that no smaller batch would avoid, or contention over one item
            alone; what precedes it may have been applied.
    """
    if not items:
        return []
    try:
        await apply(items)
    except Exception as error:
        if is_transient(error) and not isinstance(error, Contention):
            raise
        if len(items) > 1:
            middle = len(items) // 2
            first = await in_halves(items[:middle], apply)
            return first + await in_halves(items[middle:], apply)
        if isinstance(error, Contention):
            raise
        return [(items[0], error)]
    return []


async def at_most(size: int, apply: Callable[[int], Awaitable[T]]) -> T:
    """Return what `apply` makes of at most `size` items, of half as many at each `Contention`.

    For work that goes on from where it is, whose items are only known in its transaction. `apply`
    must be all or nothing.

    Raises:
        Contention: one item alone does not get through.
    """
    while True:
        try:
            return await apply(size)
        except Contention:
            if size == 1:
                raise
            size //= 2
