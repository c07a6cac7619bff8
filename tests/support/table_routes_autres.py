"""Every route of the other services, as `table_routes` tells those of export, and all tables."""

from collections.abc import Mapping
from typing import Final

from tests.support.routes import (
    ADMIN,
    CFA,
    ETAT_ET_CFA,
    INSTRUIT,
    TOUS,
    Portee,
    Route,
    memes,
    publiques,
)
from tests.support.table_routes import EXPORT

_L, _C, _A, _O = Portee.LIBRE, Portee.COUPEE, Portee.ACADEMIE, Portee.OFFRE
_E, _N, _P, _K = Portee.ETABLISSEMENT, Portee.NATIONALE, Portee.PUBLIQUE, Portee.CONTRAT

ACCES: Final = [
    *publiques(
        "POST /v1/session",
        "DELETE /v1/session",
        "POST /v1/mot-de-passe/oubli",
        "PUT /v1/mot-de-passe",
        "POST /api/auth/login",
        "POST /api/auth/logout",
        "POST /api/password/forgotten-password",
        "POST /api/password/reset-password",
    ),
    *memes(
        TOUS,
        _L,
        "GET /v1/session",
        "PUT /v1/session/mot-de-passe",
        "GET /api/auth/current-session",
    ),
    *memes(
        ADMIN,
        _N,
        "GET /v1/comptes",
        "POST /v1/comptes",
        "GET /v1/comptes/vocabulaire",
        "GET /v1/comptes/{identifiant}",
        "GET /v1/comptes/{identifiant}/historique",
        "PUT /v1/comptes/{identifiant}",
        "POST /v1/comptes/{identifiant}/invitation",
    ),
]
COLLECT: Final = [
    *publiques(
        "GET /",
        "GET /deposer",
        "POST /deposer",
        "GET /depots/{identifiant}",
        "GET /depots/{identifiant}/rapport.csv",
    ),
    *memes(
        CFA,
        _E,
        "POST /v1/depots",
        "GET /v1/depots",
        "GET /v1/depots/{identifiant}",
        "GET /v1/depots/{identifiant}/lignes",
        "GET /v1/depots/{identifiant}/lignes.csv",
        "POST /v1/offres",
        "GET /v1/offres/{identifiant}",
        "DELETE /v1/offres/{identifiant}",
    ),
    Route("POST /v1/diagnostic", ETAT_ET_CFA, _L),
    *memes(
        ADMIN,
        _N,
        "POST /v1/offres/{identifiant}/transfert",
        "GET /interne/empreintes",
        "POST /interne/reemettre",
    ),
]
ENRICH: Final = [
    *publiques(
        "GET /v1/referentiels",
        "GET /v1/referentiels/{table}/{code}",
        "GET /v1/constats",
        "GET /v1/qualite",
        "GET /qualite",
        "GET /qualite/academies/{num}",
        "GET /qualite/regions/{nom}",
        "GET /qualite/{espece}.csv",
        "GET /qualite/mes-offres",
        "POST /qualite/mes-offres",
        "GET /qualite/etablissements/{siret}",
        "GET /qualite/etablissements/{siret}/a-corriger.csv",
        "POST /qualite/etablissements/{siret}/acceptation",
        "POST /qualite/etablissements/{siret}/acceptation/sures",
    ),
    *memes(
        TOUS,
        _K,
        "GET /v1/formations/{identifiant}",
        "GET /v1/formations/{identifiant}/historique",
        "GET /v1/formations/{identifiant}/editions",
        "GET /v1/formations/{identifiant}/provenance",
        "GET /v1/etablissements/{siret}",
        "GET /v1/catalogue/differences",
    ),
    Route("PUT /v1/formations/{identifiant}/editions", INSTRUIT | CFA, _O),
    Route("POST /v1/formations/{identifiant}/propositions/acceptation", INSTRUIT | CFA, _O),
    Route("PUT /v1/etablissements/{siret}/courriel", INSTRUIT | CFA, _E),
    Route("POST /v1/propositions/acceptation", CFA, _E),
    Route("POST /v1/propositions/acceptation/sures", CFA, _E),
    Route("POST /v1/diagnostic", ETAT_ET_CFA, _L),
    *memes(
        ETAT_ET_CFA,
        _C,
        "GET /v1/qualite/etablissements/{siret}",
        "GET /v1/qualite/etablissements/{siret}/a-corriger",
        "GET /v1/qualite/{espece}",
        "GET /v1/doublons",
        "GET /v1/referentiels/versions/{identifiant}/impact",
    ),
    Route("GET /v1/referentiels/suivi", ADMIN | {"lecteur"}, _L),
    *memes(
        ADMIN,
        _N,
        "GET /v1/recalculs",
        "POST /v1/recalculs",
        "GET /v1/recalculs/{identifiant}",
        "POST /v1/referentiels",
        "GET /v1/referentiels/versions",
        "POST /v1/referentiels/versions/{identifiant}/activation",
        "GET /interne/empreintes",
        "POST /interne/reemettre",
    ),
]
SEARCH: Final = [
    *publiques(
        "GET /",
        "GET /formations/{reference}",
        "GET /v1/formations",
        "GET /v1/formations/{reference}",
        "GET /v1/formations/{reference}/variantes",
    ),
    *memes(ADMIN, _N, "GET /interne/empreintes", "POST /interne/reindexer"),
]
TABLES: Final[Mapping[str, list[Route]]] = {
    "acces": ACCES,
    "collect": COLLECT,
    "enrich": ENRICH,
    "export": EXPORT,
    "search": SEARCH,
}
