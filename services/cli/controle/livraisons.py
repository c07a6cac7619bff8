"""Whole deliveries, one night after the other, as the old collection took them (domain.md §1.5).

What a delivery no longer holds is unpublished, never forgotten: a key that comes back is the same
document, published again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from services.cli.controle.comparaison import CLE, Document, publie

Magasin: TypeAlias = dict[str, dict[str, Any]]
"""Documents by key; `published` false for those that the last delivery did not hold."""

_PUBLIE: Final = "published"


class LivraisonVide(Exception):
    """A delivery without any published document would unpublish everything: it is not taken."""


@dataclass
class Bilan:
    """What a delivery does: keys added, changed with their fields, gone."""

    ajoutees: list[str] = field(default_factory=list)
    modifiees: dict[str, list[str]] = field(default_factory=dict)
    supprimees: list[str] = field(default_factory=list)


def livrer(magasin: Magasin, livraison: Iterable[Document]) -> tuple[Magasin, Bilan]:
    """Return the store after a whole delivery, and what it changed; the store given stays.

    Raises:
        LivraisonVide: nothing of it is published.
    """
    recus = {str(d[CLE]): {**d, _PUBLIE: publie(d)} for d in livraison}
    if not any(document[_PUBLIE] for document in recus.values()):
        raise LivraisonVide
    bilan = Bilan()
    for cle, document in recus.items():
        if cle not in magasin:
            bilan.ajoutees.append(cle)
        elif champs := _champs_modifies(magasin[cle], document):
            bilan.modifiees[cle] = champs
    absents = {
        cle: {**document, _PUBLIE: False} for cle, document in magasin.items() if cle not in recus
    }
    bilan.supprimees = [cle for cle in absents if magasin[cle][_PUBLIE]]
    return {**magasin, **recus, **absents}, bilan


def _champs_modifies(avant: Mapping[str, Any], apres: Mapping[str, Any]) -> list[str]:
    return [champ for champ in {**avant, **apres} if avant.get(champ) != apres.get(champ)]
