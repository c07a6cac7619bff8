"""Tables that complete certifications; without one, what it would have said is unknown."""

from collections.abc import Sequence
from typing import Final

from contracts.identifiants import cfd as cfd_
from contracts.identifiants import mef as mef_
from contracts.identifiants import rncp as rncp_
from contracts.identifiants import siret as siret_
from services.enrich.domain.chargement.modele import Ligne, Table, exiger


def _certificateur(cellules: Sequence[str]) -> Ligne:
    fiche, nom, siret = cellules
    exiger(rncp_.est_valide(fiche), "code RNCP malformé")
    exiger(nom or siret, "certificateur sans nom ni SIRET")
    return [fiche, nom, siret_.normaliser(siret)]


def _partenaire(cellules: Sequence[str]) -> Ligne:
    fiche, siret, habilitation, nom = cellules
    exiger(rncp_.est_valide(fiche), "code RNCP malformé")
    lu = siret_.normaliser(siret)
    exiger(lu, "SIRET malformé")
    exiger(habilitation, "habilitation absente")
    return [fiche, lu, habilitation, nom or None]


def _lettre(cellules: Sequence[str]) -> Ligne:
    lettre, libelle, court = cellules
    exiger(len(lettre) == 1 and lettre.isalpha(), "lettre malformée")
    return [lettre, libelle or None, court or None]


def _lien(cellules: Sequence[str]) -> Ligne:
    code, url, intitule = cellules
    exiger(cfd_.est_valide(code) or mef_.est_valide(code), "ni CFD ni MEF")
    exiger(url.startswith(("http://", "https://")), "lien malformé")
    return [code, url, intitule or None]


def _mef_seul(cellules: Sequence[str]) -> Ligne:
    (code,) = cellules
    exiger(mef_.est_valide(code), "MEF malformé")
    return [code]


def _code_et_libelle(cellules: Sequence[str]) -> Ligne:
    exiger(all(cellules), "code ou libellé absent")
    return list(cellules)


CERTIFICATEURS: Final = Table(
    "certificateurs",
    "Certificateurs des fiches RNCP",
    ("certifications/rncp_certificateurs.csv*",),
    ("code_rncp", "certificateur", "siret"),
    _certificateur,
    cle=3,
    facultative=True,
)
PARTENAIRES: Final = Table(
    "partenaires",
    "Partenaires habilités des fiches RNCP",
    ("certifications/rncp_partenaires*.csv*",),
    ("code_rncp", "siret", "habilitation", "nom"),
    _partenaire,
    cle=3,
    facultative=True,
)
LETTRES: Final = Table(
    "lettres",
    "Lettres de spécialité (BCN)",
    ("certifications/lettres_specialite*.csv*",),
    ("lettre", "libelle", "libelle_court"),
    _lettre,
    facultative=True,
)
DISPOSITIFS: Final = Table(
    "dispositifs",
    "Dispositifs de formation (BCN)",
    ("certifications/dispositifs_formation.csv*",),
    ("code", "libelle_long"),
    _code_et_libelle,
    facultative=True,
)
ONISEP: Final = Table(
    "onisep",
    "Pages de l'ONISEP, par MEF ou CFD",
    ("certifications/onisep*.csv*",),
    ("code", "url"),
    _lien,
    optionnelles=("intitule",),
    facultative=True,
)
MEFS_PARCOURSUP: Final = Table(
    "mefs_parcoursup",
    "MEF de confiance (Parcoursup)",
    ("certifications/mefs_parcoursup*.csv*",),
    ("mef",),
    _mef_seul,
    facultative=True,
)
APPELLATIONS: Final = Table(
    "appellations",
    "Appellations de métiers (ROME, France Travail)",
    ("certifications/rome_appellations.csv*",),
    ("code_ogr", "libelle_long", "code_rome"),
    _code_et_libelle,
    facultative=True,
)
