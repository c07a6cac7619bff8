"""Tables of places: communes, their former codes and post codes, and what they belong to."""

from collections.abc import Sequence
from typing import Final

from contracts.identifiants import code_postal, insee
from services.enrich.domain.chargement.modele import Ligne, Table, exiger, liste, nombre


def _commune(cellules: Sequence[str]) -> Ligne:
    code, nom, departement, codes_postaux, latitude, longitude = cellules
    exiger(insee.est_valide(code), "code INSEE malformé")
    exiger(nom and departement, "nom ou département absent")
    return [
        code,
        nom,
        departement,
        liste(codes_postaux),
        nombre(latitude),
        nombre(longitude),
    ]


def _commune_ancienne(cellules: Sequence[str]) -> Ligne:
    code, actuelle, nature, nom = cellules
    exiger(insee.est_valide(code) and insee.est_valide(actuelle), "code INSEE malformé")
    exiger(code != actuelle, "code encore en vigueur")
    return [code, actuelle, nature or None, nom or None]


def _code_postal(cellules: Sequence[str]) -> Ligne:
    code, commune = cellules
    exiger(code_postal.est_valide(code), "code postal malformé")
    exiger(insee.est_valide(commune), "code INSEE malformé")
    return [code, commune]


def _departement(cellules: Sequence[str]) -> Ligne:
    code, nom, region, academie = cellules
    exiger(code and nom, "code ou nom absent")
    return [code, nom, region or None, academie or None]


def _code_et_nom(cellules: Sequence[str]) -> Ligne:
    exiger(all(cellules), "code ou nom absent")
    return list(cellules)


COMMUNES: Final = Table(
    "communes",
    "Communes et arrondissements municipaux (COG)",
    ("geo/communes.csv", "geo/communes.csv.gz"),
    ("code_insee", "nom", "departement", "codes_postaux", "latitude", "longitude"),
    _commune,
)
COMMUNES_ANCIENNES: Final = Table(
    "communes_anciennes",
    "Anciens codes de communes (COG)",
    ("geo/communes_anciennes.csv*",),
    ("code_insee", "commune_parente", "type", "nom"),
    _commune_ancienne,
)
CODES_POSTAUX: Final = Table(
    "codes_postaux",
    "Codes postaux (La Poste)",
    ("geo/codes_postaux.csv*",),
    ("code_postal", "code_insee"),
    _code_postal,
    cle=2,
)
DEPARTEMENTS: Final = Table(
    "departements",
    "Départements et leur académie",
    ("geo/departements.csv*",),
    ("code", "nom", "region", "num_academie"),
    _departement,
)
REGIONS: Final = Table(
    "regions",
    "Régions",
    ("geo/regions.csv*",),
    ("code", "nom"),
    _code_et_nom,
)
ACADEMIES: Final = Table(
    "academies",
    "Académies",
    ("geo/academies.csv*",),
    ("num_academie", "nom_academie"),
    _code_et_nom,
)
