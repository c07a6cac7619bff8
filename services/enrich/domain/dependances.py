"""From the codes of a table to the formations that rest on them.

A formation is indexed under the codes that its offer declares. What the tables derive from these
(the successor of a diploma, the fiche that it leads to) is found the other way round, from the
tables themselves, when one of them moves.
"""

from collections.abc import Mapping
from typing import Any, Final

from services.enrich.domain.editions import Editions, appliquer

CODES: Final = (
    ("cfd", "cfd"),
    ("rncp", "rncp_code"),
    ("siret", "etablissement_gestionnaire_siret"),
    ("siret", "etablissement_formateur_siret"),
    ("insee", "code_commune_insee"),
    ("cp", "code_postal"),
    ("insee", "etablissement_gestionnaire_code_commune_insee"),
    ("cp", "etablissement_gestionnaire_code_postal"),
    ("insee", "etablissement_formateur_code_commune_insee"),
    ("cp", "etablissement_formateur_code_postal"),
)
"""The kind of code that each field of an offer holds."""


def cles(offre: Mapping[str, Any], editions: Editions | None) -> list[str]:
    """Return the keys `kind:code` under which a formation is found, each once."""
    effective = appliquer(offre, editions) if editions else offre
    lire = effective.get
    return list({f"{genre}:{code}": None for genre, champ in CODES if (code := lire(champ))})
