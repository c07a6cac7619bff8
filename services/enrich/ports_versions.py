"""What loading reference tables needs of the world: where their versions are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from services.enrich.domain.admission import Refus
from services.enrich.domain.chargement.modele import Ligne, TableLue
from services.enrich.domain.versions import Version

DERNIERE: Final = "derniere"
"""Stands for the version loaded last, active or not, where a load asks what to start from."""


class VersionInconnue(LookupError):
    """No version has this id, or its rows can no more be read."""


class RienAvant(LookupError):
    """No version was active before the present one."""


class DepartDepasse(Exception):
    """Another version was activated meanwhile: what was compared is not what is in use."""


@dataclass(frozen=True, slots=True)
class Depart:
    """The version that a load starts from, and how many activations there were when it was read."""

    version: Version | None
    activation: int


class Versions(Protocol):
    """The versions of the reference tables, their rows, and what was refused."""

    async def depart(self, demandee: str | None) -> Depart:
        """Return a version to start from: the active one, or the one asked for (`DERNIERE`).

        Raises `VersionInconnue`.
        """
        ...

    async def lignes(self, editions: Sequence[str]) -> dict[str, list[Ligne]]:
        """Return the rows of editions, by edition."""
        ...

    async def semblable(self, version: Version) -> Version | None:
        """Return a usable version with the same content, made from the same one."""
        ...

    async def enregistrer(
        self, version: Version, lues: Sequence[TableLue], apres: int | None
    ) -> None:
        """Store a version and the rows of `lues` that are new, whole or not at all.

        With `apres` it is activated as well, provided that there were that many activations.
        Raises `DepartDepasse`.
        """
        ...

    async def confirmer(self, version: Version) -> None:
        """Note which files vouch for the tables of a stored version by now."""
        ...

    async def activer(self, version: str, maintenant: datetime, par: str) -> None:
        """Make a version the active one, in one step; idempotent. Raises `VersionInconnue`."""
        ...

    async def refuser(self, refus: Refus) -> None:
        """Note a load that was refused."""
        ...
