"""The tree of a complementary rule: criteria joined by and, or, not."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Test = Callable[[Any], bool]


class FiltreRefuse(ValueError):
    """The filter holds something that cannot be compiled; `lieu` is its path in the filter."""

    def __init__(self, lieu: str, raison: str) -> None:
        super().__init__(f"{lieu or 'filtre'} : {raison}")
        self.lieu = lieu
        self.raison = raison


@dataclass(frozen=True, slots=True)
class Critere:
    """A test of one field; `tableau` names the array whose elements it tests, if any.

    `dit` says it in French.
    """

    champ: str
    tableau: str | None
    membre: str | None
    test: Test
    negatif: bool
    dit: str = ""


@dataclass(frozen=True, slots=True)
class Et:
    noeuds: tuple["Noeud", ...]


@dataclass(frozen=True, slots=True)
class Ou:
    noeuds: tuple["Noeud", ...]


@dataclass(frozen=True, slots=True)
class Non:
    noeud: "Noeud"


Noeud = Critere | Et | Ou | Non
