"""How each field of a formation comes to its value: one rule per field, by family (domain.md §2).

What is told to people; the rules themselves are in `enrichissement`, whose modules these families
are named after.
"""

from collections.abc import Mapping
from typing import Final

from services.enrich.domain.provenance_certification import certification, qualite
from services.enrich.domain.provenance_modele import Regle, ensemble

_LIEU_OFFRE: Final = ("code_commune_insee", "code_postal")
_GEO: Final = ("communes", "communes_anciennes", "codes_postaux")
_TERRITOIRE: Final = (*_GEO, "departements", "regions", "academies")
_IDENTITE: Final = ("id_formation", "id_action", "id_certifinfo")
_SESSIONS: Final = ("date_debut", "date_fin", "duree", "annee", "periode")
_PAS_DE_COMMUNE: Final = "La commune du lieu n'est pas reconnue."
_PAS_D_ETABLISSEMENT: Final = "Ce SIRET n'est pas dans les listes nationales en vigueur."


def _copies(*champs: str) -> dict[str, Regle]:
    texte = "Valeur déposée, reprise telle quelle."
    return {champ: Regle("collecte", texte, (champ,), (champ,)) for champ in champs}


def _identite() -> dict[str, Regle]:
    cle = ("cle_ministere_educatif",)
    return {
        **_copies(
            "id_formation",
            "id_action",
            "id_certifinfo",
            "ids_action",
            "published",
            "forced_published",
            "cfd_specialite",
            "intitule_rco",
            "lieu_formation_adresse",
            "etablissement_lieu_formation_siret",
            "etablissement_lieu_formation_uai",
            "lieu_formation_geo_coordonnees",
            "duree",
            "annee",
            "capacite",
            "entierement_a_distance",
        ),
        "cle_ministere_educatif": Regle(
            "identite", "Clé déposée, ou attribuée par le catalogue s'il en manque une.", cle, cle
        ),
        "cle_attribuee": Regle("identite", "Vrai si le catalogue a attribué la clé.", cle),
        "anciennes_cles": Regle(
            "identite", "Clés que les successions déclarées ont remplacées.", cle
        ),
        "id_rco_formation": Regle("identite", "Les trois identifiants joints.", _IDENTITE),
        "distanciel_lad": Regle("identite", "Vrai si la clé se termine par #LAD.", cle),
    }


def _etablissement(role: str) -> dict[str, Regle]:
    prefixe = f"etablissement_{role}_"
    siret = (prefixe + "siret",)
    liste = ("etablissements",)

    def lue(*tables: str) -> Regle:
        texte = "Listes nationales, au SIRET."
        return Regle("etablissements", texte, siret, tables=tables, absente=_PAS_D_ETABLISSEMENT)

    def preferee(champ: str, texte: str, *tables: str) -> Regle:
        source = prefixe + champ
        return Regle("etablissements", texte, (source, *siret), (source,), tables)

    adresse = "Adresse de la liste nationale, sauf si le dépôt en donne une dans une autre commune."
    champs = {
        "siret": _copies(*siret)[siret[0]],
        "siren": Regle("etablissements", "Neuf premiers chiffres du SIRET.", siret),
        "uai": preferee("uai", "UAI déposé, sinon celui du SIRET.", *liste, "uai_siret", "uai"),
        "raison_sociale": preferee("raison_sociale", "Nom déposé, sinon celui du SIRET.", *liste),
        "enseigne": lue(*liste),
        "adresse": preferee("adresse", adresse, *liste),
        "code_postal": preferee("code_postal", adresse, *liste, *_GEO),
        "code_commune_insee": preferee("code_commune_insee", adresse, *liste, *_GEO),
        "localite": preferee("localite", adresse, *liste, *_GEO),
        **ensemble(("num_departement", "num_academie", "region"), lue(*liste, *_TERRITOIRE)),
        "geo_coordonnees": lue(*liste),
        "actif": lue(*liste),
        "certifie_qualite": lue(*liste, "qualiopi"),
        "connu": lue(*liste),
    }
    return {prefixe + champ: regle for champ, regle in champs.items()}


def _lieu() -> dict[str, Regle]:
    def commune(champ: str, texte: str) -> Regle:
        return Regle("lieu", texte, (champ, *_LIEU_OFFRE), (champ,), _GEO, _PAS_DE_COMMUNE)

    territoire = Regle(
        "lieu",
        "Territoire de la commune du lieu.",
        _LIEU_OFFRE,
        tables=_TERRITOIRE,
        absente=_PAS_DE_COMMUNE,
    )
    position = Regle(
        "position",
        "Coordonnées déposées si elles s'accordent avec la commune, sinon le service d'adresses, "
        "sinon le centre de la commune.",
        ("lieu_formation_geo_coordonnees", *_LIEU_OFFRE, "lieu_formation_adresse"),
        tables=_GEO,
        absente=_PAS_DE_COMMUNE,
    )
    return {
        "code_postal": commune("code_postal", "Code postal déposé, ou de la commune."),
        "code_commune_insee": commune("code_commune_insee", "Code INSEE actuel de la commune."),
        "localite": commune("localite", "Nom déposé, sinon celui de la commune."),
        **ensemble(
            ("num_departement", "nom_departement", "num_academie", "nom_academie", "region"),
            territoire,
        ),
        **ensemble(("latitude", "longitude", "distance_commune_metres"), position),
        "uai_formation": Regle(
            "uai_lieu",
            "UAI du lieu déposé, sinon celui du formateur s'il est dans la même commune.",
            ("uai_formation", "etablissement_lieu_formation_uai", "etablissement_formateur_uai"),
            ("uai_formation", "etablissement_lieu_formation_uai"),
            ("uai_siret", "etablissements"),
            "Le lieu et le formateur ne sont pas dans la même commune, ou son UAI est inconnu.",
        ),
    }


def _sessions() -> dict[str, Regle]:
    listes = (
        "periode",
        "date_debut",
        "date_fin",
        "modalites_entrees_sorties",
        "effectif_minimal",
        "capacite_simultanee",
        "capacite_cumulee",
    )
    texte = "Listes déposées, mises en accord."
    return {
        **{champ: Regle("sessions", texte, (champ,), (champ,)) for champ in listes},
        "sessions": Regle(
            "sessions",
            "Débuts et fins appariés.",
            _SESSIONS,
            absente="Il manque les débuts ou les fins.",
        ),
        "tags": Regle("sessions", "Années des périodes.", _SESSIONS),
    }


REGLES: Final[Mapping[str, Regle]] = {
    **_identite(),
    **certification(),
    **qualite(),
    **_etablissement("gestionnaire"),
    **_etablissement("formateur"),
    **_lieu(),
    **_sessions(),
}
"""By field of `contracts.formation.Formation`: all of them."""
