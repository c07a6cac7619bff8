"""The change feed: what happened to formations and publications from a cursor on (design.md §3)."""

import asyncio
from dataclasses import dataclass
from typing import Any, Final, Protocol

import orjson

from services.export.domain.curseur import Curseur, CurseurInvalide, ecrire, lire
from services.kernel.problem import Gone

RECOMMENCER: Final = "/v1/changements"
_TYPES: Final = {"formations": "formation", "publications": "publication"}


class PlaceExpiree(Exception):
    """The log no longer, or not yet, has the place of a cursor."""


@dataclass(frozen=True, slots=True)
class Extrait:
    """A piece of the logs: (topic, value) in order, and the cursor that follows."""

    records: list[tuple[str, bytes]]
    curseur: Curseur
    a_jour: bool


class Journal(Protocol):
    """The logs of formations and publications."""

    async def origine(self) -> Curseur:
        """Return the cursor of the very beginning."""
        ...

    async def extraire(self, curseur: Curseur, limite: int, octets: int) -> Extrait:
        """Read on from a cursor, without waiting; raises `PlaceExpiree`."""
        ...

    async def attendre(self, secondes: float) -> None:
        """Return when something new may be there, or after `secondes`."""
        ...


@dataclass(frozen=True, slots=True)
class Page:
    """What one call answers: items as JSON, the cursor to come back with, whether all was told."""

    elements: list[dict[str, Any]]
    curseur: str
    a_jour: bool


async def suivre(
    journal: Journal, depuis: str | None, *, limite: int, octets: int, attente_s: float
) -> Page:
    """Return what follows `depuis` (None: the beginning); wait up to `attente_s` when nothing does.

    A follower that applies each element unless it holds a higher `sequence` of the same type and id
    ends with the present state, wherever it started; an element may come again.

    Raises:
        Gone: the cursor is expired or unknown; tells where to start again.
    """
    boucle = asyncio.get_running_loop()
    fin = boucle.time() + attente_s
    try:
        curseur = lire(depuis) if depuis else await journal.origine()
        while True:
            extrait = await journal.extraire(curseur, limite, octets)
            reste = fin - boucle.time()
            if extrait.records or reste <= 0:
                break
            curseur = extrait.curseur
            if extrait.a_jour:
                await journal.attendre(reste)
    except (PlaceExpiree, CurseurInvalide) as erreur:
        raise Gone(
            f"Ce curseur ne peut plus servir ({erreur}). Recommencez depuis le début, sans "
            "« depuis » : chaque élément porte l'état complet, rien n'est à effacer avant.",
            code="curseur_expire",
            title="Curseur expiré ou inconnu",
            extra={"recommencer": RECOMMENCER},
        ) from erreur
    elements = [un for topic, valeur in extrait.records if (un := _element(topic, valeur))]
    return Page(elements, ecrire(extrait.curseur), extrait.a_jour)


def _element(topic: str, valeur: bytes) -> dict[str, Any] | None:
    """Return one typed item; None for what is no event (it is parked by the consumers)."""
    try:
        data = orjson.loads(valeur)
        return {
            "type": _TYPES[topic],
            "id": data["id"],
            "sequence": data["sequence"],
            "etat": data["etat"],
            "data": orjson.Fragment(valeur),
        }
    except (ValueError, KeyError, TypeError):
        return None
