"""Every route of export: which roles pass, and what of the catalogue they reach by it.

The table is written by hand, never derived from the code: a new route has to be declared here, and
a right that moves has to move here as well. `test_routes_roles.py` (contract, and integration for
export) holds the services to it.
"""

from typing import Final

from tests.support.routes import (
    ADMIN,
    ANCIENS,
    CFA,
    ETAT,
    ETAT_ET_CFA,
    INSTRUIT_AF,
    INSTRUIT_PS,
    LIT_AF,
    LIT_PS,
    PARTENAIRES,
    Portee,
    Route,
    des_deux,
    deux,
    memes,
    publiques,
)

_L, _C, _A, _O = Portee.LIBRE, Portee.COUPEE, Portee.ACADEMIE, Portee.OFFRE
_E, _N, _P, _K = Portee.ETABLISSEMENT, Portee.NATIONALE, Portee.PUBLIQUE, Portee.CONTRAT

VUE: Final = {"If-Match": '"0"'}  # a version that no offer or rule ever had
_DEBUT: Final = {"debut": "2020-09-15"}
_SIENNE: Final = {"academie": "{academie}"}
_DE_PLATEFORME: Final = {"params": {"plateforme": "{plateforme}"}}
_REGLE: Final = {
    "plateforme": "{plateforme}",
    "niveau": "6 (Licence, BUT...)",
    "diplome": "DIPLOME SANS OFFRE",
    "condition_integration": "doit intégrer",
}
_SURCHARGE: Final = {"headers": VUE, "json": {"statut": "à publier"}}


_LECTURES: Final = [
    Route("GET /v1/offres", ETAT, _C, montre=True),
    Route("GET /v1/offres", ETAT, _A, {"params": _SIENNE}),
    Route("GET /v1/offres/facettes", ETAT, _C),
    Route("GET /v1/offres/facettes", ETAT, _A, {"params": _SIENNE}),
    Route("GET /v1/offres/export.csv", ETAT, _C, montre=True),
    Route("GET /v1/offres/export.csv", ETAT, _A, {"params": _SIENNE}),
    Route("GET /v1/offres/export.xlsx", ETAT, _C, montre=True),
    Route("GET /v1/offres/export.xlsx", ETAT, _A, {"params": _SIENNE}),
    Route("GET /v1/offres/{id}", ETAT, _O, montre=True),
    *des_deux("GET /v1/offres/{id}/{plateforme}/explication", _O, (LIT_PS, LIT_AF)),
    *des_deux("GET /v1/compteurs", _C, (LIT_PS, LIT_AF), **_DE_PLATEFORME),
    *des_deux(
        "GET /v1/compteurs",
        _A,
        (LIT_PS, LIT_AF),
        params={"plateforme": "{plateforme}", **_SIENNE},
    ),
    Route("POST /v1/compteurs", ADMIN, _N),
    Route("GET /v1/campagnes", ETAT, _L),
    *des_deux("GET /v1/campagnes/{plateforme}/comparaison", _C, (LIT_PS, LIT_AF)),
    *des_deux("GET /v1/campagnes/{plateforme}/comparaison", _A, (LIT_PS, LIT_AF), params=_SIENNE),
    *des_deux("GET /v1/campagnes/{plateforme}/comparaison.csv", _C, (LIT_PS, LIT_AF)),
    *des_deux(
        "GET /v1/campagnes/{plateforme}/comparaison.csv", _A, (LIT_PS, LIT_AF), params=_SIENNE
    ),
]
_COMMANDES: Final = [
    *des_deux(
        "POST /v1/offres/{id}/{plateforme}/publication",
        _O,
        (INSTRUIT_PS, INSTRUIT_AF),
        headers=VUE,
    ),
    *des_deux(
        "POST /v1/offres/{id}/{plateforme}/refus",
        _O,
        (INSTRUIT_PS, INSTRUIT_AF),
        headers=VUE,
        json={"motif": "offre_annulee"},
    ),
    Route(
        "PUT /v1/offres/{id}/affelnet/textes",
        INSTRUIT_AF,
        _O,
        {"headers": VUE, "json": {"infos_offre": "CAP"}},
    ),
    Route("POST /v1/offres/{id}/parcoursup/envoi", ADMIN, _O, {"headers": VUE}),
    Route(
        "POST /v1/offres/{id}/parcoursup/reinitialisation",
        ADMIN | {"moss"},
        _O,
        {"headers": VUE, "json": {"commentaire": "erreur"}},
    ),
    Route("PUT /v1/offres/{id}/parcoursup/rejet", INSTRUIT_PS | {"moss"}, _O, {"headers": VUE}),
    Route("DELETE /v1/offres/{id}/parcoursup/rejet", INSTRUIT_PS | {"moss"}, _O, {"headers": VUE}),
    # Each element is judged apart: see the tests of lists.
    Route("POST /v1/decisions", ETAT, _C, {"json": []}),
    *des_deux(
        "POST /v1/decisions/lot",
        _C,
        (INSTRUIT_PS, INSTRUIT_AF),
        json={"plateforme": "{plateforme}", "action": "publier", "filtre": {}},
    ),
    *des_deux(
        "POST /v1/decisions/lot",
        _A,
        (INSTRUIT_PS, INSTRUIT_AF),
        json={
            "plateforme": "{plateforme}",
            "action": "publier",
            "filtre": {"academie": ["{academie}"]},
        },
    ),
]
_REGLES: Final = [
    Route("GET /v1/regles", ETAT, _L),
    Route("GET /v1/regles.csv", ETAT, _L),
    *des_deux("GET /v1/regles/arbre", _C, (LIT_PS, LIT_AF), **_DE_PLATEFORME),
    *des_deux(
        "GET /v1/regles/arbre",
        _A,
        (LIT_PS, LIT_AF),
        params={"plateforme": "{plateforme}", **_SIENNE},
    ),
    Route("POST /v1/regles/verification", ETAT, _L, {"json": {"filtre": {"cfd": "40033422"}}}),
    *des_deux(
        "POST /v1/regles/apercu",
        _C,
        (LIT_PS, LIT_AF),
        json={"id": "{regle}", "suppression": True},
    ),
    *des_deux("GET /v1/regles/{id}", _L, (LIT_PS, LIT_AF)),
    *des_deux("GET /v1/regles/{id}/historique", _L, (LIT_PS, LIT_AF)),
    Route("PUT /v1/regles", ADMIN, _N, {"json": "{regles}"}),
    *deux(
        "POST /v1/regles",
        _N,
        {"json": _REGLE},
        ps=(ADMIN, ADMIN | {"moss"}),
        af=(ADMIN, ADMIN | {"dgesco"}),
    ),
    *deux(
        "PUT /v1/regles/{id}",
        _N,
        {"json": _REGLE, "headers": VUE},
        ps=(ADMIN, ADMIN | {"moss"}),
        af=(ADMIN, ADMIN | {"dgesco"}),
    ),
    *deux(
        "DELETE /v1/regles/{id}",
        _N,
        {"headers": VUE},
        ps=(ADMIN, ADMIN | {"moss"}),
        af=(ADMIN, ADMIN | {"dgesco"}),
    ),
    # On Parcoursup an académie's status has had no effect since 2024: refused to all.
    *deux(
        "PUT /v1/regles/{id}/academies/{academie}",
        _A,
        _SURCHARGE,
        af=(INSTRUIT_AF, INSTRUIT_AF | {"dgesco"}),
    ),
    *deux(
        "DELETE /v1/regles/{id}/academies/{academie}",
        _A,
        {"headers": VUE},
        af=(INSTRUIT_AF, INSTRUIT_AF | {"dgesco"}),
    ),
]
_CAMPAGNES: Final = [
    *des_deux("PUT /v1/campagnes/{plateforme}", _N, (ADMIN, ADMIN), json=_DEBUT),
    *des_deux("GET /v1/campagnes/{plateforme}/demarrage/apercu", _N, (ADMIN, ADMIN), params=_DEBUT),
    *des_deux(
        "GET /v1/campagnes/{plateforme}/demarrage/apercu.csv", _N, (ADMIN, ADMIN), params=_DEBUT
    ),
    *des_deux("POST /v1/campagnes/{plateforme}/demarrage", _N, (ADMIN, ADMIN), json=_DEBUT),
    *memes(
        ADMIN,
        _N,
        "GET /v1/campagnes/affelnet/septembre/apercu",
        "GET /v1/campagnes/affelnet/septembre/apercu.csv",
        "POST /v1/campagnes/affelnet/septembre",
        "GET /v1/operations",
        "GET /v1/operations/{id}",
    ),
]
_REGLAGES: Final = {"headers": VUE | {"If-Match": '"999"'}, "json": {"actif": True, "limite": 1}}
_ERREUR: Final = {"code": "de-la-table", "motif": "aucun texte", "cause": "c", "action": "a"}
_PARCOURSUP: Final = [
    Route("GET /v1/flux/parcoursup/retenues", LIT_PS, _C, plateforme="parcoursup", montre=True),
    Route("GET /v1/flux/parcoursup/erreurs", ETAT, _L),
    *memes(
        ADMIN,
        _N,
        "GET /v1/flux/parcoursup",
        "POST /v1/flux/parcoursup/reprise",
        "GET /v1/flux/parcoursup/reglages",
        "GET /v1/flux/parcoursup/erreurs/inconnues",
        "DELETE /v1/flux/parcoursup/erreurs/{code}",
        "GET /v1/flux/parcoursup/relectures",
        "GET /v1/flux/parcoursup/relectures/{id}",
        "GET /v1/flux/parcoursup/relectures/{id}/rapport.csv",
    ),
    Route("PUT /v1/flux/parcoursup/reglages", ADMIN, _N, _REGLAGES),
    Route("POST /v1/flux/parcoursup/erreurs", ADMIN, _N, {"json": _ERREUR}),
    Route("POST /v1/flux/parcoursup/relecture", ADMIN, _N, {"json": {}}),
]
_PAIRE: Final = {"siret_responsable": "{siret}", "siret_formateur": "{siret}"}
_AFFELNET: Final = [
    Route("GET /v1/flux/affelnet/{academie}.{format}", LIT_AF | PARTENAIRES, _A, montre=True),
    Route("GET /v1/flux/affelnet/{academie}/manifeste", LIT_AF | PARTENAIRES, _A),
    *memes(
        ADMIN,
        _N,
        "POST /v1/affelnet/imports",
        "GET /v1/affelnet/imports",
        "GET /v1/affelnet/imports/{id}",
        "POST /v1/affelnet/imports/{id}/apercu",
        "GET /v1/affelnet/imports/{id}/lignes",
        "GET /v1/affelnet/imports/{id}/{tableau}.csv",
        "POST /v1/affelnet/relations",
        "GET /v1/affelnet/relations",
    ),
    Route("POST /v1/affelnet/imports/{id}/application", ADMIN, _N, {"headers": VUE}),
    Route("PUT /v1/affelnet/relations", ADMIN, _N, {"params": _PAIRE}),
]
_ABONNEMENT: Final = {"frequence": "quotidienne", "adresse": "qui@academie.example"}
_AVIS: Final = [
    Route("GET /v1/avis/academies/{num}", ETAT, _A),
    Route("GET /v1/avis/academies/{num}.csv", ETAT, _A),
    Route("GET /v1/avis/etablissements/{num}", CFA, _E),
    Route("GET /v1/avis/etablissements/{num}.csv", CFA, _E),
    Route("POST /v1/abonnements", ETAT, _A, {"json": _ABONNEMENT | _SIENNE}),
    Route("POST /v1/abonnements", CFA, _E, {"json": _ABONNEMENT | {"siret": "{siret}"}}),
    Route("GET /v1/abonnements", ETAT_ET_CFA, _L),
    Route("DELETE /v1/abonnements/{id}", ETAT_ET_CFA, _L),
    Route("POST /interne/avis", ADMIN, _N),
    *publiques(
        "GET /abonnements/{id}/confirmation",
        "POST /abonnements/{id}/confirmation",
        "GET /abonnements/{id}/desabonnement",
        "POST /abonnements/{id}/desabonnement",
    ),
]
_HISTORIQUES: Final = [
    route
    for prefixe in ("/api", "/api/v1")
    for route in (
        *publiques(f"GET {prefixe}"),
        Route(f"GET {prefixe}/entity/formations", ANCIENS, _C, montre=True),
        Route(f"POST {prefixe}/entity/formations", ANCIENS, _C, {"json": {}}, montre=True),
        Route(f"GET {prefixe}/entity/formations/count", ANCIENS, _C),
        Route(f"GET {prefixe}/entity/formation/{{id}}", ANCIENS, _C),
        Route(f"GET {prefixe}/entity/etablissements", ANCIENS, _C),
        Route(f"GET {prefixe}/entity/etablissements/siret-uai", ANCIENS, _C),
        Route(f"GET {prefixe}/perimetre-prise-rdv.json", PARTENAIRES, _C),
        Route(f"GET {prefixe}/entity/future-pro", PARTENAIRES, _C),
        Route(f"GET {prefixe}/uai-affelnet", PARTENAIRES, _C),
    )
] + [
    Route("GET /api/entity/formations.json", ANCIENS, _C, montre=True),
    Route("GET /api/entity/etablissements.json", ANCIENS, _C),
]
EXPORT: Final = [
    *publiques("GET /v1/motifs"),
    Route("GET /v1/changements", PARTENAIRES | {"lecteur"}, _K, {"params": {"depuis": "x"}}),
    *_LECTURES,
    *_COMMANDES,
    *_REGLES,
    *_CAMPAGNES,
    *_PARCOURSUP,
    *_AFFELNET,
    *_AVIS,
    *_HISTORIQUES,
    Route("GET /interne/empreintes", ADMIN, _N),
    Route("POST /interne/reemettre", ADMIN, _N, {"json": {"ids": []}}),
    Route("POST /interne/reevaluer", ADMIN, _N),
]
