"""What geocoding needs of the world: an address service, and the queue and answers it fills."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.enrich.domain.enrichissement.geocodage import Adresse, Geocodage, Reponse


@dataclass(frozen=True, slots=True)
class Demande:
    """An address whose turn has come, and how often the service failed on it in a row."""

    cle: str
    adresse: Adresse
    essais: int


class Geocodeur(Protocol):
    """An address service (the national address base, or one that answers like it)."""

    async def chercher(self, adresse: Adresse) -> Reponse | None:
        """Return its best answer, None when it has none. Raises `Panne` when it failed."""
        ...


class Geocodages(Protocol):
    """The addresses to look for, and the last word on each."""

    async def examiner(self) -> int:
        """Queue the addresses of the formations that have no usable position; return how many."""
        ...

    async def prendre(self, maintenant: datetime, rendre: datetime) -> Demande | None:
        """Take the address that is due for the longest; it is due again at `rendre`."""
        ...

    async def repondre(self, cle: str, geocodage: Geocodage, prochain: datetime) -> None:
        """Keep an answer, to be asked again at `prochain`; its formations are to be recomputed."""
        ...

    async def reporter(self, cle: str, prochain: datetime) -> None:
        """Note a failure: the last answer, if any, still stands until another attempt."""
        ...

    async def etat(self) -> str:
        """Return a text that changes whenever an answer was kept."""
        ...

    async def connus(self) -> Mapping[str, Geocodage]:
        """Return the last word on every address, by key."""
        ...

    async def a_reprendre(self, avant: datetime, nombre: int) -> Mapping[str, Sequence[str]]:
        """Return, by key, the formations of answers before a time that they do not rest on yet."""
        ...

    async def reprises(self, cles: Sequence[str]) -> None:
        """Note that the formations of these keys rest on their answers."""
        ...
