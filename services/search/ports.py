"""What the use cases of search need of the outside."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from services.search.domain.fusion import Document


@dataclass(frozen=True, slots=True)
class Lu:
    """A stored document with the version that a write must still find."""

    document: Mapping[str, Any]
    seq_no: int
    primary_term: int


@dataclass(frozen=True, slots=True)
class Ecriture:
    """A whole document to write; `lu` is None when there was none, and must still be none."""

    id: str
    document: Document
    lu: Lu | None


class Issue(StrEnum):
    """Why a document was not written."""

    CONFLIT = "conflit"  # changed since it was read: read and merge again
    SATURE = "sature"  # 429, 503…: the same again, later
    REFUS = "refus"  # never


@dataclass(frozen=True, slots=True)
class Echec:
    """A document that was not written, and why."""

    issue: Issue
    raison: str


class Index(Protocol):
    """An index to write to; `cible` is always one concrete index, never an alias."""

    async def cibles(self) -> Sequence[str]:
        """Return the indexes that must receive every write, the one being built first.

        Raises `Retry` when there is none yet.
        """
        ...

    async def lire(self, cible: str, ids: Sequence[str]) -> Mapping[str, Lu]:
        """Return the documents that exist; raises `Retry` when the index cannot answer."""
        ...

    async def ecrire(self, cible: str, ecritures: Sequence[Ecriture]) -> Mapping[str, Echec]:
        """Write whole documents, each only over the version that was read; return the failures."""
        ...


class Moteur(Protocol):
    """The index as it is read: always behind its alias."""

    async def chercher(self, corps: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return Elasticsearch's answer to a search body."""
        ...

    async def document(self, identifiant: str) -> Mapping[str, Any] | None:
        """Return the stored document of an id, as last written."""
        ...

    def empreintes(self, cible: str | None = None) -> AsyncIterator[list["Empreintes"]]:
        """Yield sequences and digests of every document in order of id, in pages."""
        ...


@dataclass(frozen=True, slots=True)
class Empreintes:
    """What a document holds, in short; None where a part has not come yet."""

    id: str
    etat: str | None
    formation_sequence: int | None
    formation_empreinte: str | None
    publications_sequence: int | None
    publications_empreinte: str | None
