"""The names under which a field may be deposited: its own, historic ones, and what people type."""

import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

from contracts.constats import LIBELLES
from contracts.formation import Formation
from contracts.identifiants import code_postal, dates, insee, modalite
from contracts.offre import Offre
from services.collect.domain import lecture_champs as lc
from services.collect.domain.lecture_champs import Lecture


class Champ(NamedTuple):
    """A field of the offer, how its value is read, and whether this name is only an alias."""

    nom: str
    lire: Lecture
    alias: bool


_CODE_POSTAL: Final = lc.lire_code(code_postal.normaliser, "code_postal_mal_forme")
_INSEE: Final = lc.lire_code(insee.normaliser, "insee_mal_forme")
_DATES: Final = lc.lire_parallele(dates.normaliser, "date_illisible")
_ENTIERS: Final = lc.lire_parallele(modalite.capacite, "capacite_illisible")
_ROLES: Final = ("gestionnaire", "formateur")

_LECTURES: Final[dict[str, Lecture]] = {
    **dict.fromkeys(Offre.model_fields, lc.lire_texte),
    "cle_ministere_educatif": lc.lire_cle,
    "cle_me_remplace": lc.lire_cles,
    "cle_me_remplace_par": lc.lire_cles,
    "id_action": lc.lire_texte,
    "ids_action": lc.lire_liste,
    "cfd": lc.lire_cfd,
    "rncp_code": lc.lire_rncp,
    **{
        f"etablissement_{role}_{suite}": lire
        for role in _ROLES
        for suite, lire in {
            "siret": lc.lire_siret(f"siret_{role}_mal_forme"),
            "uai": lc.lire_uai,
            "code_postal": _CODE_POSTAL,
            "code_commune_insee": _INSEE,
            "courriel": lc.lire_code(lc.courriel, "courriel_mal_forme"),
        }.items()
    },
    "code_postal": _CODE_POSTAL,
    "code_commune_insee": _INSEE,
    "lieu_formation_geo_coordonnees": lc.lire_code(lc.position, "coordonnees_illisibles"),
    "etablissement_lieu_formation_siret": lc.lire_siret("siret_lieu_mal_forme"),
    "etablissement_lieu_formation_uai": lc.lire_uai,
    "uai_formation": lc.lire_uai,
    "duree": lc.lire_code(modalite.normaliser, "duree_illisible"),
    "annee": lc.lire_code(modalite.normaliser, "annee_illisible"),
    "periode": lc.lire_periode,
    "date_debut": _DATES,
    "date_fin": _DATES,
    "modalites_entrees_sorties": lc.lire_parallele(lc.booleen, "booleen_illisible"),
    "capacite": lc.lire_code(lc.capacite, "capacite_illisible"),
    "effectif_minimal": _ENTIERS,
    "capacite_simultanee": _ENTIERS,
    "capacite_cumulee": _ENTIERS,
    "entierement_a_distance": lc.lire_booleen,
    "published": lc.lire_booleen,
    "catalogue_published": lc.lire_booleen,
    "forced_published": lc.lire_booleen,
}

_ALIAS: Final[dict[str, str]] = {
    # the historic flat record (domain.md §1.5, refdata.md §6)
    "intitule_formation": "intitule_rco",
    "etablissement_lieu_formation_adresse": "lieu_formation_adresse",
    "etablissement_lieu_formation_code_postal": "code_postal",
    "etablissement_lieu_formation_code_insee": "code_commune_insee",
    "etablissement_lieu_formation_code_commune_insee": "code_commune_insee",
    "etablissement_lieu_formation_localite": "localite",
    "etablissement_lieu_formation_geo_coordonnees": "lieu_formation_geo_coordonnees",
    **{
        f"etablissement_{role}_code_insee": f"etablissement_{role}_code_commune_insee"
        for role in _ROLES
    },
    # what people write in a spreadsheet
    "cle": "cle_ministere_educatif",
    "intitule": "intitule_rco",
    "code_diplome": "cfd",
    "code_formation_diplome": "cfd",
    "rncp": "rncp_code",
    "code_rncp": "rncp_code",
    "adresse": "lieu_formation_adresse",
    "code_insee": "code_commune_insee",
    "commune": "localite",
    "coordonnees": "lieu_formation_geo_coordonnees",
    **{
        f"{court}_{role}": f"etablissement_{role}_{court}"
        for role in _ROLES
        for court in ("siret", "uai", "raison_sociale", "courriel")
    },
}

_IGNORES: Final = frozenset(
    {
        "_id",
        "__v",
        "id",
        "id_rco",
        "created_at",
        "last_update_at",
        "updates_history",
        "email",
        "rco_cfd",
        "parcours",
        "niveau_entree_obligatoire",
        "entree_apprentissage",
        "lieu_different",
        "distance",
        *(f"etablissement_{role}_geo_coordonnees" for role in _ROLES),
        # what the catalogue computes itself: an extract of it may be deposited as it is
        *Formation.model_fields,
    }
) - set(Offre.model_fields)

IGNORE: Final = Champ("", lc.lire_texte, alias=True)
"""A column that the collectors send and that is not taken, silently."""

_NON_ALNUM: Final = re.compile(r"[^a-z0-9]+")


def _simplifie(nom: str) -> str:
    decompose = unicodedata.normalize("NFKD", nom.lower())
    sans_accent = "".join(c for c in decompose if not unicodedata.combining(c))
    return _NON_ALNUM.sub("_", sans_accent).strip("_")


CHAMPS: Final[dict[str, Champ]] = {
    **dict.fromkeys(_IGNORES, IGNORE),
    **{
        _simplifie(libelle): Champ(nom, _LECTURES[nom], alias=True)
        for nom, libelle in LIBELLES.items()
        if nom in _LECTURES
    },
    **{alias: Champ(nom, _LECTURES[nom], alias=True) for alias, nom in _ALIAS.items()},
    **{nom: Champ(nom, lire, alias=False) for nom, lire in _LECTURES.items()},
}


@lru_cache(maxsize=4_096)
def chercher(nom: str) -> Champ | None:
    """Return the field that a name means, accents, case and punctuation aside; None for none."""
    return CHAMPS.get(nom) or CHAMPS.get(_simplifie(nom))


def reconnaitre(nom: str) -> str | None:
    """Return the name of the field that a column means; None for none or an ignored one."""
    champ = chercher(nom)
    return champ.nom or None if champ else None
