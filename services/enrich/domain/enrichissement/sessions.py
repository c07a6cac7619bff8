"""When an offer starts (domain.md §1.3): months, dates and the years they touch."""

from collections.abc import Mapping
from typing import Any

from contracts.identifiants.periode import annees, lire


def dater(offre: Mapping[str, Any]) -> dict[str, Any]:
    """Return the session fields of an offer.

    Parallel lists stay as collected, in their order. Nothing is made up: months alone give no day.
    """
    periode = offre.get("periode") or []
    mois = periode if all(map(_est_mois, periode)) else lire(periode).mois
    return {
        "periode": mois,
        "date_debut": offre.get("date_debut") or [],
        "date_fin": offre.get("date_fin") or [],
        "modalites_entrees_sorties": offre.get("modalites_entrees_sorties") or [],
        "tags": annees(mois),
    }


def _est_mois(texte: object) -> bool:
    return isinstance(texte, str) and len(texte) == 7 and texte[4] == "-"
