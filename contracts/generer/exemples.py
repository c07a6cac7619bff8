"""One example per topic, as the documents show it; tests validate them."""

from typing import Any, Final

from contracts.topics import (
    AVANCEMENT,
    AVIS,
    CONSTATS,
    FORMATIONS,
    OFFRES,
    PUBLICATIONS,
    REFERENTIELS,
    Topic,
)

OFFRE_ID: Final = "01KAXJ5M8Q3T7V9W2Y4Z6B8D0F"
DEPOT_ID: Final = "01KAXJ5M00ABCDEFGHJKMNPQRS"
_CLE: Final = "900001P01210000000180001000000001800010-33063#L01"
_INSTANT: Final = "2026-11-25T08:30:00.123Z"
_EMPREINTE: Final = "9f2c0c1be0a94b1d8c6a0f7d5e3b2a10"
_ORIGINE: Final = {"depot": DEPOT_ID, "ligne": 12}
_OFFRE: Final[dict[str, Any]] = {
    "cle_ministere_educatif": _CLE,
    "cfd": "50022139",
    "rncp_code": "RNCP26650",
    "etablissement_gestionnaire_siret": "00000001800010",
    "etablissement_formateur_siret": "00000001800010",
    "code_commune_insee": "33063",
    "duree": "2",
    "annee": "1",
    "date_debut": ["2021-09-06"],
    "date_fin": ["2023-07-05"],
    "published": True,
}
_ADRESSE: Final[dict[str, Any]] = {
    "etablissement_lieu_formation_siret": None,
    "uai_formation": "0339901H",
    "num_academie": "04",
}

EXEMPLES: Final[dict[Topic, dict[str, Any]]] = {
    OFFRES: {
        "id": OFFRE_ID,
        "sequence": 1,
        "operation": "depot",
        "origine": _ORIGINE,
        "deposant": "cfa-imaginaire",
        "recue_le": _INSTANT,
        "empreinte": _EMPREINTE,
        "offre": _OFFRE,
        "constats": [],
    },
    FORMATIONS: {
        "id": OFFRE_ID,
        "sequence": 1,
        "empreinte": _EMPREINTE,
        "etat": "active",
        "modifiee_le": _INSTANT,
        "origine": _ORIGINE,
        "formation": {
            **_OFFRE,
            **_ADRESSE,
            "intitule_long": "CUISINE (CAP)",
            "niveau": "3 (CAP...)",
            "diplome": "CERTIFICAT D'APTITUDE PROFESSIONNELLE",
            "nom_academie": "Bordeaux",
        },
        "constats": [],
    },
    CONSTATS: {
        "depot": DEPOT_ID,
        "lignes": [
            {
                "ligne": 12,
                "offre": OFFRE_ID,
                "sequence": 1,
                "statut": "a_corriger",
                "constats": [
                    {
                        "code": "uai_lettre_fausse",
                        "champ": "uai_formation",
                        "valeur": "0339901A",
                        "proposition": "0339901H",
                    }
                ],
            }
        ],
    },
    AVANCEMENT: {"depot": DEPOT_ID, "etape": "indexee", "lignes": [[1, 1000], [1002, 1002]]},
    PUBLICATIONS: {
        "id": OFFRE_ID,
        "sequence": 3,
        "empreinte": _EMPREINTE,
        "formation_sequence": 1,
        "etat": "active",
        "modifiee_le": _INSTANT,
        "cle_ministere_educatif": _CLE,
        **_ADRESSE,
        "origine": None,
        "parcoursup": {
            "perimetre": False,
            "statut": "non publiable en l'état",
            "explication": ["aucune_regle"],
        },
        "affelnet": {
            "perimetre": True,
            "statut": "prêt pour intégration",
            "explication": ["publication_demandee"],
        },
    },
    REFERENTIELS: {
        "table": "cfd",
        "sequence": 7000,
        "version": "01KAXJ5M8Q3T7V9W2Y4Z6B8D0G",
        "precedente": "01KAXJ5M8Q3T7V9W2Y4Z6B8D0F",
        "annoncee_le": _INSTANT,
        "impacts": [
            {
                "nature": "cfd_ferme",
                "code": "50022139",
                "libelle": "CUISINE (CAP)",
                "le": "2027-08-31",
                "successeur": "50022140",
                "successeur_libelle": "CUISINE (CAP)",
                "message": (
                    "Le diplôme 50022139 (CUISINE (CAP)) ferme le 31 août 2027 : 12 offres sont "
                    "concernées. Successeur : 50022140 (CUISINE (CAP))."
                ),
                "offres": 12,
                "etablissements": [{"code": "00000001800010", "offres": 12}],
                "academies": [{"code": "04", "offres": 12}],
            }
        ],
    },
    AVIS: {
        "destinataire": "academie:04",
        "sequence": 300,
        "jour": "2026-11-25",
        "precedent": "2026-11-24",
        "etabli_le": _INSTANT,
        "rubriques": [
            {
                "code": "rejetees",
                "nombre": 12,
                "nouvelles": 1,
                "offres": [
                    {
                        "id": OFFRE_ID,
                        "cle_ministere_educatif": _CLE,
                        "plateforme": "parcoursup",
                        "statut": "rejet de publication",
                        "raison": "rejet:etablissement-ferme",
                        "depuis": "2026-11-24",
                    }
                ],
            }
        ],
    },
}
