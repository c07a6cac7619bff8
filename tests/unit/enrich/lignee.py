"""Offers that replace one another, A by B and B by C, through the real use cases."""

from datetime import UTC, datetime
from typing import Any, Final

from services.enrich.domain.application import Tete
from services.enrich.domain.causes import SYSTEME, Cause, Nature
from services.enrich.domain.editions import version
from services.enrich.domain.enrichissement import Enrichisseur
from services.enrich.domain.evenement import lire_evenement
from services.enrich.ports import Formations
from services.enrich.usecases.editer import Edition, editer
from services.enrich.usecases.enrichir import enrichir_lot
from services.enrich.usecases.reprendre import reprendre
from tests.unit.enrich.fabrique import JOUR, evenement, offre, references

LE: Final = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
REGLES: Final = Enrichisseur(references(), JOUR)
AUTRES_REGLES: Final = Enrichisseur(references("v2", communes=[]), JOUR)
AUTEUR: Final = "rectorat"
UAI, AUTRE_UAI = "0060001A", "0060002B"
DE_LA_SOURCE: Final[dict[str, str | None]] = {"A": None, "B": "0060003C", "C": "0060004D"}
"""What the source of each says of its UAI."""


def evenements() -> dict[str, list[dict[str, Any]]]:
    """Return the events of A, B and C, each in order: deposited, then the successions.

    B replaces A, then C replaces B.
    """
    a, b, c = (_deposee(nom) for nom in "ABC")
    return {
        "A": [a, a | _succession(2, remplacee_par="B")],
        "B": [
            b,
            b | _succession(2, predecesseurs=["A"]),
            b | _succession(3, predecesseurs=["A"], remplacee_par="C"),
        ],
        "C": [c, c | _succession(2, predecesseurs=["B"])],
    }


def _deposee(nom: str) -> dict[str, Any]:
    return evenement(nom, offre=offre(uai_formation=DE_LA_SOURCE[nom]))


def _succession(sequence: int, **champs: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"sequence": sequence, "operation": "succession", "origine": None} | champs


async def appliquer(formations: Formations, *donnees: dict[str, Any]) -> None:
    """Apply events as one batch."""
    await enrichir_lot([lire_evenement(une) for une in donnees], REGLES, formations, LE)


async def recalculer(formations: Formations) -> None:
    """Compute all three again under other tables, then under the first ones."""
    for regles in (AUTRES_REGLES, REGLES):
        cause = Cause(Nature.REFERENCES, SYSTEME)
        await reprendre(["A", "B", "C"], regles, formations, cause, LE)


async def corriger(formations: Formations, nom: str, auteur: str = AUTEUR, **valeurs: str) -> None:
    """Have a person give fields of a formation these values."""
    vue = await tete(formations, nom)
    demande = Edition(nom, version(vue.sequence, vue.editions), auteur, valeurs)
    await editer(demande, REGLES, formations, LE)


async def renoncer(formations: Formations, nom: str) -> None:
    """Have a person give the UAI of a formation back to its source."""
    vue = await tete(formations, nom)
    lue = version(vue.sequence, vue.editions)
    demande = Edition(nom, lue, AUTEUR, {}, frozenset({"uai_formation"}))
    await editer(demande, REGLES, formations, LE)


async def tete(formations: Formations, nom: str) -> Tete:
    """Return what decides of a formation."""
    return (await formations.transaction(lambda t: t.tetes([nom])))[nom]


async def uai(formations: Formations, nom: str) -> str | None:
    """Return the UAI that a formation shows."""
    etats = await formations.transaction(lambda t: t.etats([nom]))
    trouve: str | None = etats[nom]["formation"]["uai_formation"]
    return trouve


async def edition(formations: Formations, nom: str) -> dict[str, Any] | None:
    """Return the edit of the UAI of a formation, if there is one."""
    tenue = ((await tete(formations, nom)).editions or {}).get("uai_formation")
    return dict(tenue) if tenue else None
