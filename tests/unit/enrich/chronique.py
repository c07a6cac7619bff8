"""Things that happen to the formation F1, one after the other, through the real use cases."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from services.enrich.domain.causes import SYSTEME, Cause, Nature
from services.enrich.domain.editions import version
from services.enrich.domain.enrichissement import Enrichisseur
from services.enrich.domain.evenement import lire_evenement
from services.enrich.ports import Formations
from services.enrich.usecases.editer import Edition, editer
from services.enrich.usecases.enrichir import enrichir_lot
from services.enrich.usecases.reprendre import reprendre
from tests.unit.enrich.fabrique import CAP_SUIVANT, JOUR, evenement, offre, references

TABLES = Enrichisseur(references(), JOUR)
AUTRES_TABLES = Enrichisseur(references("v2", communes=[], rncp=[]), JOUR)

Etape = Callable[[Formations, int, datetime], Awaitable[Any]]


def _depot(**champs: Any) -> Etape:  # noqa: ANN401 - values of any kind
    async def deposer(formations: Formations, rang: int, le: datetime) -> None:
        lu = lire_evenement(evenement(sequence=rang, offre=offre(**champs)))
        await enrichir_lot([lu], TABLES, formations, le)

    return deposer


async def _retirer(formations: Formations, rang: int, le: datetime) -> None:
    lu = lire_evenement(evenement(sequence=rang, operation="retrait", motif="absente"))
    await enrichir_lot([lu], TABLES, formations, le)


def _edition(renonces: Sequence[str] = (), **valeurs: Any) -> Etape:  # noqa: ANN401
    async def corriger(formations: Formations, _: int, le: datetime) -> None:
        tete = (await formations.transaction(lambda t: t.tetes(["F1"])))["F1"]
        vue = version(tete.sequence, tete.editions)
        demande = Edition("F1", vue, "cfa-nice", valeurs, frozenset(renonces), "erreur")
        await editer(demande, TABLES, formations, le)

    return corriger


def _recalcul(regles: Enrichisseur) -> Etape:
    async def recalculer(formations: Formations, _: int, le: datetime) -> None:
        await reprendre(["F1"], regles, formations, Cause(Nature.REFERENCES, SYSTEME), le)

    return recalculer


ETAPES: list[Etape] = [
    _depot(),
    _depot(capacite="12", annee="2"),
    _depot(cfd=CAP_SUIVANT, rncp_code="RNCP201"),
    _retirer,
    _edition(uai_formation="0060001A"),
    _edition(capacite="20"),
    _edition(renonces=("uai_formation", "capacite")),
    _recalcul(TABLES),
    _recalcul(AUTRES_TABLES),
]


async def jouer(
    formations: Formations, etapes: Sequence[Etape], debut: datetime, pas: timedelta
) -> None:
    """Deposit F1 at `debut`, then do these things, one `pas` after the other."""
    await _depot()(formations, 1, debut)
    for rang, etape in enumerate(etapes, 1):
        await etape(formations, rang + 1, debut + rang * pas)
