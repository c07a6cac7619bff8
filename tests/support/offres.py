"""Offers for tests: valid ones of a fictitious CFA, as many as asked for."""

from contracts.identifiants import cle as cles

SIRET = "19840110100011"
AUTRE_SIRET = "19060793700074"


def offre(numero: int = 1, **autres: object) -> dict[str, object]:
    """Return a complete offer, with nothing to say of it; `numero` makes its identity."""
    cle = cles.construire(
        id_certifinfo=str(numero),
        parcours=0,
        duree="2",
        annee="1",
        siret_gestionnaire=SIRET,
        siret_formateur=SIRET,
        code_commune_insee="84007",
    )
    return {
        "cle_ministere_educatif": cle.texte,
        "etablissement_gestionnaire_siret": SIRET,
        "etablissement_formateur_siret": SIRET,
        "code_commune_insee": "84007",
        "code_postal": "84000",
        "cfd": "23633502",
        "duree": "2",
        "annee": "1",
        "date_debut": ["2021-09-01"],
        **autres,
    }
