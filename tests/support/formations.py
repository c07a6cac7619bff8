"""Formation and publication events to build on, small and complete."""

from collections.abc import Mapping
from typing import Any
from zlib import crc32

import orjson

from contracts.empreinte import empreinte
from contracts.formation import Formation
from services.search.domain.document import partie_formation, partie_publications
from services.search.domain.fusion import Etat

SIRET = "13002526500013"
CLE = f"064390P0121{SIRET}{SIRET}-35238#L01"


def formation_v1(id_: str, sequence: int = 1, **champs: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the data of a formations event; keywords go to the event, else to its formation."""
    enveloppe: dict[str, Any] = {
        nom: champs.pop(nom)
        for nom in ("etat", "origine", "retiree_le", "remplacee_par", "empreinte", "modifiee_le")
        if nom in champs
    }
    contenu = {
        "cle_ministere_educatif": CLE.replace("064390", f"{crc32(id_.encode()) % 1_000_000:06d}"),
        "intitule_long": "BOULANGER (CAP)",
        "libelle_court": "CAP",
        "diplome": "CERTIFICAT D'APTITUDE PROFESSIONNELLE",
        "niveau": "3 (CAP...)",
        "cfd": "50022137",
        "rncp_code": "RNCP18704",
        "romes": [{"rome": "D1102", "libelle": "Boulanger / Boulangère"}],
        "etablissement_gestionnaire_siret": SIRET,
        "etablissement_formateur_siret": SIRET,
        "etablissement_formateur_raison_sociale": "CFA DES METIERS",
        "localite": "Rennes",
        "code_postal": "35000",
        "code_commune_insee": "35238",
        "num_departement": "35",
        "nom_departement": "Ille-et-Vilaine",
        "num_academie": "14",
        "nom_academie": "Rennes",
        "region": "Bretagne",
        "latitude": 48.1113,
        "longitude": -1.68,
        "duree": "2",
        "annee": "1",
        "date_debut": ["2021-09-01"],
        **champs,
    }
    formation = Formation.model_validate(contenu).model_dump()
    return {
        "id": id_,
        "sequence": sequence,
        "empreinte": empreinte([formation, enveloppe.get("etat", "active")]),
        "etat": "active",
        "modifiee_le": "2020-11-16T08:00:00+00:00",
        "retiree_le": None,
        "remplacee_par": None,
        "predecesseurs": [],
        "origine": None,
        "formation": formation,
        "constats": [],
        **enveloppe,
    }


def publication_v1(id_: str, sequence: int = 1, statut: str = "publié") -> dict[str, Any]:
    """Return the data of a publications event."""
    plateforme = {"perimetre": True, "statut": statut, "explication": []}
    return {
        "id": id_,
        "sequence": sequence,
        "empreinte": empreinte([plateforme, sequence]),
        "formation_sequence": 1,
        "etat": "active",
        "modifiee_le": "2020-11-16T09:00:00+00:00",
        "cle_ministere_educatif": None,
        "etablissement_lieu_formation_siret": None,
        "uai_formation": None,
        "num_academie": None,
        "parcoursup": plateforme,
        "affelnet": {**plateforme, "statut": "non publiable en l'état"},
    }


def octets(donnees: Mapping[str, Any]) -> bytes:
    """Return the value of the record that carries these data."""
    return orjson.dumps(donnees)


def partie(donnees: Mapping[str, Any]) -> Etat:
    """Return the part of an index document that these data give."""
    lire = partie_publications if "parcoursup" in donnees else partie_formation
    return lire(donnees, octets(donnees).decode())
