"""Answers remembered by question: a delivery asks the same few thousand things again and again."""

from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar

V = TypeVar("V")

SOUVENIRS_MAX: Final = 50_000


class Memoire(dict[tuple[Any, ...], V], Generic[V]):
    """`memoire[question]` is `repondre(*question)`, computed once; bounded by forgetting all."""

    __slots__ = ("_repondre",)

    def __init__(self, repondre: Callable[..., V]) -> None:
        """Remember a function of hashable arguments that always gives the same answer."""
        super().__init__()
        self._repondre = repondre

    def __missing__(self, question: tuple[Any, ...]) -> V:
        if len(self) >= SOUVENIRS_MAX:
            self.clear()
        reponse = self[question] = self._repondre(*question)
        return reponse
