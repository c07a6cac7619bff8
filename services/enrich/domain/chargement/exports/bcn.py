"""Exports of the Base centrale des nomenclatures: CSV, `;`, Latin-1 or UTF-8, dates JJ/MM/AAAA.

N_FORMATION_DIPLOME wins over V_FORMATION_DIPLOME, which completes it (domain.md §2).
"""

from collections.abc import Iterable, Iterator
from typing import Final

from services.enrich.domain.chargement.exports.modele import (
    Export,
    Pieces,
    Rangee,
    jour_iso,
    renommer,
)

_SUCCESSEURS: Final = tuple(f"nouveau_diplome_{rang}" for rang in range(1, 8))
_LIBELLES: Final = ("libelle_court", "libelle_stat_33", "libelle_long_200")
N: Final = "N_FORMATION_DIPLOME"
V: Final = "V_FORMATION_DIPLOME"


def _diplomes(rangees: Iterable[Rangee], pieces: Pieces) -> Iterator[Rangee]:
    """Yield the diplomas of N; a label that N lacks is that of V."""
    par_code = {une["formation_diplome"]: une for une in pieces.get(V, ())}
    for rangee in rangees:
        autre = par_code.get(rangee["formation_diplome"], {})
        manquants = {nom: autre.get(nom, "") for nom in _LIBELLES if not rangee.get(nom)}
        yield _diplome({**rangee, **manquants})


def _autres_diplomes(rangees: Iterable[Rangee], pieces: Pieces) -> Iterator[Rangee]:
    """Yield the diplomas that V alone holds."""
    deja = {une["formation_diplome"] for une in pieces.get(N, ())}
    return (_diplome(une) for une in rangees if une["formation_diplome"] not in deja)


def _diplome(rangee: Rangee) -> Rangee:
    lire = rangee.get
    return {
        "cfd": lire("formation_diplome", ""),
        "niveau_formation_diplome": lire("niveau_formation_diplome", ""),
        "groupe_specialite": lire("groupe_specialite", ""),
        "libelle_court": lire("libelle_court", ""),
        "libelle_stat": lire("libelle_stat_33", ""),
        "libelle_long": lire("libelle_long_200", ""),
        "date_fermeture": jour_iso(lire("date_fermeture", "")),
        "nouveaux": "|".join(filter(None, (lire(nom, "") for nom in _SUCCESSEURS))),
    }


_DIPLOME: Final = frozenset(
    {"niveau_formation_diplome", "groupe_specialite", "libelle_court", "libelle_long_200"}
    | {"date_fermeture"}
)

EXPORTS: Final = (
    Export(
        N,
        frozenset({"formation_diplome", "nouveau_diplome_1"}),
        "cfd",
        _diplomes,
        (V,),
        exigees=_DIPLOME | {"libelle_stat_33", *_SUCCESSEURS},
    ),
    Export(
        V,
        frozenset({"formation_diplome", "libelle_long_200"}),
        "cfd",
        _autres_diplomes,
        (N,),
        exigees=_DIPLOME,
    ),
    Export(
        "N_MEF",
        frozenset({"mef", "formation_diplome", "mef_stat_11"}),
        "mef",
        renommer(
            {
                "mef": "mef",
                "cfd": "formation_diplome",
                "duree_dispositif": "duree_dispositif",
                "annee_dispositif": "annee_dispositif",
                "date_fermeture": "date_fermeture",
                "mef_stat_11": "mef_stat_11",
            }
        ),
        exigees=frozenset({"duree_dispositif", "annee_dispositif", "date_fermeture"}),
    ),
    Export(
        "N_DISPOSITIF_FORMATION",
        frozenset({"dispositif_formation", "niveau_formation_diplome", "libelle_long"}),
        "dispositifs",
        renommer({"code": "dispositif_formation", "libelle_long": "libelle_long"}),
    ),
    Export(
        "N_LETTRE_SPECIALITE",
        frozenset({"lettre_specialite", "libelle_court", "libelle_long"}),
        "lettres",
        renommer(
            {
                "lettre": "lettre_specialite",
                "libelle": "libelle_long",
                "libelle_court": "libelle_court",
            }
        ),
    ),
    Export(
        "N_NIVEAU_FORMATION_DIPLOME",
        frozenset({"niveau_formation_diplome", "libelle_100"}),
        "niveaux",
        renommer({"code": "niveau_formation_diplome", "libelle": "libelle_100"}),
    ),
)
