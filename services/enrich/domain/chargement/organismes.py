"""Tables of establishments: the national list of training centres, and UAI by SIRET."""

from collections.abc import Sequence
from typing import Final

from contracts.identifiants import siret as siret_
from contracts.identifiants import uai as uai_
from services.enrich.domain.chargement.modele import (
    Ligne,
    Table,
    booleen,
    exiger,
    jour,
    jour_de_source,
    nombre,
)

SIRET_MALFORME: Final = "SIRET malformé"


def _etablissement(cellules: Sequence[str]) -> Ligne:
    siret, uai, raison_sociale, enseigne, numero, type_voie, voie = cellules[:7]
    code_postal, insee, localite, creation, ferme, qualiopi, latitude, longitude, source = cellules[
        7:
    ]
    exiger(siret_.normaliser(siret) == siret, SIRET_MALFORME)
    return [
        siret,
        uai_.normaliser(uai),
        raison_sociale or None,
        enseigne or None,
        " ".join(filter(None, (numero, type_voie, voie))) or None,
        code_postal or None,
        insee or None,
        localite or None,
        _coordonnees(latitude, longitude),
        jour(creation),
        booleen(ferme) is True,
        booleen(qualiopi),
        jour_de_source(source),
    ]


def _coordonnees(latitude: str, longitude: str) -> str | None:
    if nombre(latitude) is None or nombre(longitude) is None:
        return None
    return f"{latitude},{longitude}"


def _uai_du_siret(cellules: Sequence[str]) -> Ligne:
    siret, uai = cellules
    exiger(siret_.normaliser(siret) == siret, SIRET_MALFORME)
    exiger(uai_.est_valide(uai), "UAI malformé ou lettre de contrôle fausse")
    return [siret, uai]


def _uai(cellules: Sequence[str]) -> Ligne:
    uai, nom, insee, siret, ouverture, fermeture, ferme = cellules
    exiger(uai_.est_valide(uai), "UAI malformé ou lettre de contrôle fausse")
    return [
        uai,
        nom or None,
        insee or None,
        siret_.normaliser(siret),
        jour(ouverture),
        jour(fermeture),
        booleen(ferme) is True,
    ]


def _certifie(cellules: Sequence[str]) -> Ligne:
    siren, siret, nda, apprentissage = cellules
    exiger(len(siren) == 9 and siren.isdecimal(), "SIREN malformé")
    certifie = bool(nda) and booleen(apprentissage.lower()) is True
    return [siren, siret_.normaliser(siret), certifie]


ETABLISSEMENTS: Final = Table(
    "etablissements",
    "Établissements de formation",
    ("organismes/etablissements_*.csv*",),
    (
        "siret",
        "uai",
        "raison_sociale",
        "enseigne",
        "numero_voie",
        "type_voie",
        "nom_voie",
        "code_postal",
        "code_insee",
        "localite",
        "date_creation",
        "ferme",
        "qualiopi",
        "latitude",
        "longitude",
        "source",
    ),
    _etablissement,
    rang_source=12,
)
UAI_SIRET: Final = Table(
    "uai_siret",
    "Correspondance UAI – SIRET",
    ("organismes/uai_siret_*.csv*",),
    ("siret", "uai"),
    _uai_du_siret,
)
UAI: Final = Table(
    "uai",
    "Registre des UAI (ACCE)",
    ("organismes/uai_registre*.csv*",),
    ("uai", "nom", "code_insee", "siret", "date_ouverture", "date_fermeture", "ferme"),
    _uai,
    facultative=True,
)
QUALIOPI: Final = Table(
    "qualiopi",
    "Organismes de formation et leur certification (liste publique)",
    ("organismes/qualiopi*.csv*",),
    ("siren", "siret", "nda", "apprentissage"),
    _certifie,
    cle=2,
    facultative=True,
)
