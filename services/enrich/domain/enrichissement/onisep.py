"""The page of ONISEP on a formation (domain.md §2 "ONISEP"): by MEF, then by CFD."""

from collections.abc import Iterable
from typing import Any

from services.enrich.domain.references.tables import References


def relier(codes: Iterable[str], references: References) -> dict[str, Any]:
    """Return the link of the first of these codes that has one: MEF first, then CFD."""
    lien = next((lien for code in codes if (lien := references.onisep.get(code))), None)
    return {
        "onisep_url": lien.url if lien else None,
        "onisep_intitule": lien.intitule if lien else None,
    }
