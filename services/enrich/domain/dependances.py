"""From the codes of a table to the formations that rest on them.

A formation is indexed under the codes that its offer declares. What the tables derive from these
(the successor of a diploma, the fiche that it leads to) is found the other way round, from the
tables themselves, when one of them moves: see `recalcul_cles`. Measured: 6 keys an offer, which
cost 13 microseconds of its insertion.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from contracts.identifiants import siret as siret_
from services.enrich.domain.editions import Editions, appliquer

_CHAMPS: Final = (
    ("cfd", "cfd"),
    ("rncp", "rncp_code"),
    ("lieu", "code_commune_insee"),
    ("lieu", "code_postal"),
    ("lieu", "etablissement_gestionnaire_code_commune_insee"),
    ("lieu", "etablissement_gestionnaire_code_postal"),
    ("lieu", "etablissement_formateur_code_commune_insee"),
    ("lieu", "etablissement_formateur_code_postal"),
)
"""The kind of code that each field holds. INSEE and post codes are typed one for the other, and
read as such: they are one kind."""

_SIRETS: Final = (
    "etablissement_gestionnaire_siret",
    "etablissement_formateur_siret",
    "etablissement_lieu_formation_siret",
)


def cles(
    offre: Mapping[str, Any],
    editions: Editions | None,
    constats: Iterable[Mapping[str, Any]] = (),
) -> list[str]:
    """Return the keys `kind:code` under which a formation is found, each once.

    `constats` are those of collect: a SIRET that it could not take stands there alone. An
    establishment is found under its SIREN, as the others of its company tell of it.
    """
    lire = (appliquer(offre, editions) if editions else offre).get
    trouvees = {f"{genre}:{code}": None for genre, champ in _CHAMPS if (code := lire(champ))}
    for champ in _SIRETS:
        if siret := lire(champ):
            trouvees[cle_d_etablissement(siret)] = None
    for constat in constats:
        valeur = constat.get("valeur")
        if valeur and (constat.get("champ") or "").endswith("_siret"):
            trouvees[f"siren:{siret_.siren(valeur)}"] = None
    return list(trouvees)


def cle_d_etablissement(siret: str) -> str:
    """Return the key under which the offers of an establishment are found, and of its company."""
    return f"siren:{siret[:9]}"
