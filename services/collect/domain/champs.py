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
from services.collect.domain import lecture_identifiants as li
from services.collect.domain import lecture_lieu as ll
from services.collect.domain import lecture_organisation as lo
from services.collect.domain.lecture_champs import Lecture


class Champ(NamedTuple):
    """A field of the offer, how its value is read, and whether this name is only an alias."""

    nom: str
    lire: Lecture
    alias: bool


_CODE_POSTAL: Final = lc.lire_code(code_postal.normaliser, "code_postal_mal_forme")
_INSEE: Final = lc.lire_code(insee.normaliser, "insee_mal_forme")
_DATES: Final = lo.lire_parallele(dates.normaliser, "date_illisible")
_ENTIERS: Final = lo.lire_parallele(modalite.capacite, "capacite_illisible", vides=True)
_ATTRIBUES: Final = {"cle_attribuee"}
"""What collect itself says of an offer, whatever its depositor does."""
_ROLES: Final = ("gestionnaire", "formateur")

_LECTURES: Final[dict[str, Lecture]] = {
    **dict.fromkeys(Offre.model_fields.keys() - _ATTRIBUES, lc.lire_texte),
    "cle_ministere_educatif": li.lire_cle,
    "cle_me_remplace": li.lire_cles,
    "cle_me_remplace_par": li.lire_cles,
    "id_action": lc.lire_texte,
    "ids_action": lc.lire_liste,
    "cfd": li.lire_cfd,
    "rncp_code": li.lire_rncp,
    **{
        f"etablissement_{role}_{suite}": lire
        for role in _ROLES
        for suite, lire in {
            "siret": li.lire_siret(f"siret_{role}_mal_forme", "siret_siren_seul"),
            "uai": li.lire_uai,
            "code_postal": _CODE_POSTAL,
            "code_commune_insee": _INSEE,
            "courriel": lc.lire_code(lc.courriel, "courriel_mal_forme"),
        }.items()
    },
    "code_postal": _CODE_POSTAL,
    "code_commune_insee": _INSEE,
    "lieu_formation_geo_coordonnees": ll.lire_position,
    "etablissement_lieu_formation_siret": li.lire_siret(
        "siret_lieu_mal_forme", "siret_lieu_siren_seul"
    ),
    "etablissement_lieu_formation_uai": li.lire_uai,
    "uai_formation": li.lire_uai,
    "duree": lo.lire_duree,
    "annee": lo.lire_annee,
    "periode": lo.lire_periode,
    "date_debut": _DATES,
    "date_fin": _DATES,
    "modalites_entrees_sorties": lo.lire_parallele(lc.booleen, "booleen_illisible"),
    "capacite": lo.lire_capacite,
    "effectif_minimal": _ENTIERS,
    "capacite_simultanee": _ENTIERS,
    "capacite_cumulee": _ENTIERS,
    "entierement_a_distance": lc.lire_booleen,
    "published": lc.lire_booleen,
    "catalogue_published": lc.lire_booleen,
    "forced_published": lc.lire_booleen,
    **dict.fromkeys(ll.AXES, ll.lire_axe),
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
    **dict.fromkeys(("lat", "lieu_formation_latitude"), "latitude"),
    **dict.fromkeys(("lon", "lng", "long", "lieu_formation_longitude"), "longitude"),
    **{
        f"{court}_{role}": f"etablissement_{role}_{court}"
        for role in _ROLES
        for court in ("siret", "uai", "raison_sociale", "courriel")
    },
}

_IGNORES: Final = (
    frozenset(
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
            *_ATTRIBUES,
        }
    )
    - _LECTURES.keys()
)

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
