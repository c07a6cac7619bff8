"""Shapes of the charts of quality pages, in the units of their SVG view boxes."""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from services.enrich.domain.qualite.bilan import Bilan
from services.enrich.entrypoints.vues_qualite import GRAVITES

LARGEUR: Final = 100.0
HAUTEUR: Final = 40.0


class Segment(NamedTuple):
    """A part of a stacked bar: where it begins, how long it is, what it stands for."""

    debut: float
    longueur: float
    teinte: str
    libelle: str
    nombre: int


class Courbe(NamedTuple):
    """A stepped line, its last point, and the days at its ends."""

    points: str
    x: float
    y: float
    debut: str
    fin: str


def barre(bilan: Bilan) -> list[Segment]:
    """Return the bar of the severities of a set of offers, its whole length being all of them."""
    segments: list[Segment] = []
    x = 0.0
    for code, libelle, teinte in GRAVITES:
        nombre = bilan.gravites[code]
        longueur = LARGEUR * nombre / bilan.offres if bilan.offres else 0.0
        segments.append(Segment(round(x, 3), round(longueur, 3), teinte, libelle, nombre))
        x += longueur
    return segments


def courbe(tendance: Sequence[tuple[str, Bilan]], jour: str) -> Courbe | None:
    """Return the line of completeness up to `jour`; None with less than two days to join.

    Figures hold until the day on which they change: the line is made of steps.
    """
    mesures = [(nom, b.completude) for nom, b in tendance if b.completude is not None]
    if not mesures or mesures[0][0] >= jour:
        return None
    debut = date.fromisoformat(mesures[0][0])
    etendue = max((date.fromisoformat(jour) - debut).days, 1)
    points: list[tuple[float, float]] = []
    for nom, taux in mesures:
        x = round(LARGEUR * (date.fromisoformat(nom) - debut).days / etendue, 2)
        y = round(HAUTEUR * (1 - taux), 2)
        if points:
            points.append((x, points[-1][1]))
        points.append((x, y))
    points.append((LARGEUR, points[-1][1]))
    texte = " ".join(f"{x},{y}" for x, y in points)
    return Courbe(texte, *points[-1], mesures[0][0], jour)
