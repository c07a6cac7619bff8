"""What export's database in memory has committed, in the very types that MongoDB gives back."""

from collections.abc import Collection, Sequence
from copy import copy
from dataclasses import dataclass, field, fields, replace
from datetime import UTC
from typing import Any, Final

from bson import CodecOptions, decode, encode

from services.export.domain.calendrier_parcoursup import Reglages
from services.export.domain.disjoncteur import Disjoncteur
from services.export.domain.lignes_affelnet import LigneLue
from services.export.domain.reevaluation import Balayage
from services.export.ports import Document
from services.kernel.events import Event

_LU: Final[CodecOptions[Document]] = CodecOptions(tz_aware=True, tzinfo=UTC)


@dataclass
class Etat:
    """What is committed: documents by id, replaced and never altered."""

    formations: dict[str, Document] = field(default_factory=dict)
    decisions: dict[str, Document] = field(default_factory=dict)
    historique: dict[str, Document] = field(default_factory=dict)
    actes: dict[str, Document] = field(default_factory=dict)
    lots: dict[str, Document] = field(default_factory=dict)
    evenements: list[Event] = field(default_factory=list)
    ecritures: int = 0

    regles: dict[str, Document] = field(default_factory=dict)
    regles_historique: dict[str, Document] = field(default_factory=dict)
    revision: int = 0
    debuts: dict[str, str] = field(default_factory=dict)
    balayage: Balayage | None = None
    operations: dict[str, Document] = field(default_factory=dict)
    saisons: dict[str, Document] = field(default_factory=dict)

    envois: dict[str, Document] = field(default_factory=dict)
    reglages: Reglages = field(default_factory=lambda: Reglages(relecture=None))
    erreurs: dict[str, Document] = field(default_factory=dict)
    relectures: dict[str, Document] = field(default_factory=dict)
    lots_relus: dict[str, Document] = field(default_factory=dict)
    en_vigueur: Document | None = None
    arret: Document | None = None
    disjoncteur: Disjoncteur | None = None
    alarmes: list[Document] = field(default_factory=list)

    imports: dict[str, Document] = field(default_factory=dict)
    lignes: dict[str, Sequence[LigneLue]] = field(default_factory=dict)


def instantane(etat: Etat) -> Etat:
    """Return the state as it is: its documents being replaced, its maps alone are copied."""
    return replace(etat, **{un.name: copy(getattr(etat, un.name)) for un in fields(etat)})


def stocke(document: Document) -> Document:
    """Return a document as MongoDB gives it back; one that it cannot hold is an error."""
    return decode(encode(document), _LU)


def projete(document: Document, champs: Collection[str]) -> Document:
    """Return a copy of these fields (dotted paths) and the id, as a MongoDB projection does."""
    entier = stocke(document)
    garde: Document = {"_id": entier["_id"]}
    for champ in champs:
        _copier(entier, garde, champ.split("."))
    return garde


def _copier(de: Document, vers: Document, chemin: Sequence[str]) -> None:
    nom, *reste = chemin
    if nom not in de:
        return
    valeur: Any = de[nom]
    if not reste:
        vers[nom] = valeur
    elif isinstance(valeur, dict):
        _copier(valeur, vers.setdefault(nom, {}), reste)
