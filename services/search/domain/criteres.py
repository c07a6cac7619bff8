"""A search as it was asked, once validated."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any


class Publiees(StrEnum):
    """Which offers are asked for, by what their source says of their publication."""

    OUI = "oui"
    NON = "non"
    TOUTES = "toutes"


class Tri(StrEnum):
    """The order of the hits; ties are settled by the formation's id."""

    PERTINENCE = "pertinence"
    DISTANCE = "distance"
    RECENTES = "recentes"
    INTITULE = "intitule"


class Mode(StrEnum):
    """How words are compared: a laxer mode is tried when a stricter one finds nothing."""

    EXACT = "exact"
    APPROCHE = "approche"
    PARTIEL = "partiel"


@dataclass(frozen=True, slots=True)
class Point:
    """A place on Earth, decimal degrees (WGS 84)."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteres:
    """What to look for, where, in which order.

    `filtres` maps names of `filtres.FILTRES` to alternatives. `point` is the centre for distances,
    `rayon_km` keeps what lies within; without `point` there is neither radius nor distance order.
    """

    q: str = ""
    filtres: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    etablissement: str = ""
    entree_du: date | None = None
    entree_au: date | None = None
    publiees: Publiees = Publiees.OUI
    point: Point | None = None
    rayon_km: float | None = None
    tri: Tri = Tri.PERTINENCE
    limite: int = 20
    facettes: tuple[str, ...] = ()

    def identite(self) -> dict[str, Any]:
        """Return what makes two pages pages of one search: all but size, facets and point.

        The point is left out as the cursor carries it: that of a commune may move between pages.
        """
        return {
            "q": self.q,
            "filtres": {nom: sorted(valeurs) for nom, valeurs in self.filtres.items()},
            "etablissement": self.etablissement,
            "entree": [str(self.entree_du), str(self.entree_au)],
            "publiees": self.publiees,
            "rayon_km": self.rayon_km,
            "tri": self.tri,
        }
