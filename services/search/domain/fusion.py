"""Merge of what two topics say of one formation, each part with its own sequence (decision 4).

A document holds the part `formation` (topic formations) and the part `publications` (topic
publications). A part is replaced by a newer sequence only; the same sequence with another digest is
a repair. Any interleaving of the two topics, with any duplicates, gives the same document.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from contracts.statuts import Plateforme, Statut
from services.kernel.newer import Verdict, newer_only

Document = dict[str, Any]


class Partie(StrEnum):
    """A part of the index document, named after what carries it."""

    FORMATION = "formation"
    PUBLICATIONS = "publications"

    def __init__(self, valeur: str) -> None:
        """Name the fields that hold the part's sequence and digest."""
        self.sequence = f"{valeur}_sequence"
        self.empreinte = f"{valeur}_empreinte"


@dataclass(frozen=True, slots=True)
class Etat:
    """An incoming part: whose, at which position, with every field that it owns in the document."""

    id: str
    partie: Partie
    sequence: int
    empreinte: str
    champs: Mapping[str, Any] = field(default_factory=dict)


_PUBLICATIONS: Final = frozenset(
    {"publications", "publications_sequence", "publications_empreinte", "parcoursup", "affelnet"}
)


_SANS_PUBLICATION: Final[Document] = {nom.value: Statut.NON_PUBLIABLE.value for nom in Plateforme}
"""What export's silence on a formation means (decision 9)."""


def juger(document: Mapping[str, Any] | None, etat: Etat) -> Verdict:
    """Tell what an incoming part is to a stored document (None: there is no document yet)."""
    connu = document or {}
    return newer_only(
        connu.get(etat.partie.sequence),
        connu.get(etat.partie.empreinte),
        etat.sequence,
        etat.empreinte,
    )


def fusionner(document: Mapping[str, Any] | None, etat: Etat) -> Document:
    """Return the document with this part in the place of the one that it had.

    Fields of the other part are kept as they are; whether the part is newer is `juger`'s to say.
    """
    de_publications = etat.partie is Partie.PUBLICATIONS
    gardes = {
        nom: valeur
        for nom, valeur in (document or {}).items()
        if (nom in _PUBLICATIONS) is not de_publications
    }
    silence = not de_publications and Partie.PUBLICATIONS.sequence not in gardes
    return {
        **(_SANS_PUBLICATION if silence else {}),
        **gardes,
        **etat.champs,
        "id": etat.id,
        etat.partie.sequence: etat.sequence,
        etat.partie.empreinte: etat.empreinte,
    }
