"""Plays the acts of a plan in order; killed anywhere, the next process goes on from there."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, TypeVar

from services.kernel.errors import Contention
from services.kernel.logs import logger
from services.kernel.transient import is_transient
from services.repetition.constat import statuts
from services.repetition.plateau import Plateau

T = TypeVar("T")
Document = dict[str, Any]

_MARCHE: Final = "marche"
# Longer than what an abandoned request of a read-back waits for before it is taken again.
_PAR_REPRISE: Final = timedelta(seconds=1_000)
_PATIENCE_S: Final = 90.0
_PAUSE_S: Final = 0.5


@dataclass(frozen=True, slots=True)
class Acte:
    """Something that happens at an instant; `jouer` may be begun again and ends the same."""

    nom: str
    instant: datetime
    jouer: Callable[[Plateau], Awaitable[Document]]


async def jouer(plateau: Plateau, actes: Sequence[Acte]) -> list[Document]:
    """Play what is still to be played; return what every act gave, in order."""
    marche = await plateau.carnet.find_one({"_id": _MARCHE}) or {"faits": []}
    faits: list[Document] = marche["faits"]
    for acte in actes[len(faits) :]:
        plateau.horloge.instant = acte.instant + await _reprises(plateau, acte) * _PAR_REPRISE
        depart = time.perf_counter()
        resultat = await _malgre_les_heurts(partial(acte.jouer, plateau))
        fait = {
            "acte": acte.nom,
            "le": acte.instant.date().isoformat(),
            "secondes": round(time.perf_counter() - depart, 2),
            "resultat": resultat,
            "statuts": await statuts(plateau.base),
        }
        faits.append(fait)
        await plateau.carnet.update_one(
            {"_id": _MARCHE}, {"$set": {"faits": faits}, "$unset": {"en_cours": 1}}, upsert=True
        )
        logger.info("repetition", acte=acte.nom, secondes=fait["secondes"])
    return faits


async def _reprises(plateau: Plateau, acte: Acte) -> int:
    """Count how often an act was begun before."""
    avant = await plateau.carnet.find_one_and_update(
        {"_id": _MARCHE}, {"$inc": {f"en_cours.{acte.nom}": 1}}, upsert=True
    )
    return int(((avant or {}).get("en_cours") or {}).get(acte.nom, 0))


async def _malgre_les_heurts(travail: Callable[[], Awaitable[T]]) -> T:
    """Begin again what meets the transaction that a killed process left open on the server."""
    fin = time.monotonic() + _PATIENCE_S
    while True:
        try:
            return await travail()
        except Exception as heurt:
            transitoire = isinstance(heurt, Contention) or is_transient(heurt)
            if not transitoire or time.monotonic() > fin:
                raise
            logger.warning("repetition_reprise", erreur=repr(heurt)[:200])
            await asyncio.sleep(_PAUSE_S)
