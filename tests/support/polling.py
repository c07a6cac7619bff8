"""Waiting for something to become true, instead of sleeping for as long as it usually takes."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, overload

T = TypeVar("T")


@overload
async def eventually(
    condition: Callable[[], Awaitable[T | None]], deadline: float = ..., every: float = ...
) -> T: ...


@overload
async def eventually(
    condition: Callable[[], T | None], deadline: float = ..., every: float = ...
) -> T: ...


async def eventually(
    condition: Callable[[], Any], deadline: float = 20.0, every: float = 0.05
) -> Any:
    """Return the first truthy result of `condition`; an AssertionError inside it means not yet.

    Raises:
        AssertionError: still not true after `deadline` seconds; the last one of the condition.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + deadline
    while True:
        said = "la condition n'est jamais devenue vraie"
        try:
            result = condition()
            value = await result if inspect.isawaitable(result) else result
            if value:
                return value
            said += f" (dernière valeur : {value!r})"
        except AssertionError as error:
            said = str(error)
        if loop.time() >= end:
            raise AssertionError(f"après {deadline} s : {said}")
        await asyncio.sleep(every)
