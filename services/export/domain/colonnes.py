"""The historic columns of the académies' tables (refdata `metier/colonnes_export_csv.csv`).

Titles and order are those that their spreadsheets expect. What export does not hold is left empty:
what belongs to the pages of another service, and who corrected a UAI.
"""

from typing import Any, Final

from contracts.statuts import Plateforme
from services.export.domain.academies import ACADEMIES
from services.export.domain.cellules import (
    Cellule,
    Colonne,
    Document,
    Lecture,
    du,
    en_date,
    jour_francais,
    le_jour,
    oui_non,
    rien,
    texte,
)
from services.export.domain.colonnes_plateformes import colonnes_de
from services.export.domain.eligibilite import DE_DROIT

_SIRET_LISIBLE: Final = {True: "actif", False: "inactif"}


def _academie(role: str) -> Lecture:
    def lire(document: Document) -> Cellule:
        numero = document["projection"].get(f"etablissement_{role}_num_academie")
        return ACADEMIES.get(str(numero).zfill(2)) if numero else None

    return lire


def _actif(*champs: str) -> Lecture:
    def lire(document: Document) -> Cellule:
        lus = [document["projection"].get(champ) for champ in champs]
        if False in lus:
            return _SIRET_LISIBLE[False]
        return None if None in lus else _SIRET_LISIBLE[True]

    return lire


def _fiche(document: Document) -> Cellule:
    return f"{document['_fiches']}/formations/{document['_id']}"


def _controle(document: Document) -> Cellule:
    projection = document["projection"]
    inscription = (projection.get("rncp_details") or {}).get("type_enregistrement")
    if inscription == DE_DROIT or not projection.get("rncp_code"):
        return "CFD"
    return "RNCP"


def _mefs(document: Document) -> list[dict[str, Any]]:
    return document["projection"].get("bcn_mefs_10") or []


def _mefs_parcoursup(document: Document) -> list[dict[str, Any]]:
    gardes = set(document["projection"].get("parcoursup_mefs_10") or ())
    return [mef for mef in _mefs(document) if mef["mef10"] in gardes]


def _codes_mef(document: Document) -> Cellule:
    return ", ".join(mef["mef10"] for mef in _mefs(document)) or None


def _expirations(mefs: Any) -> Lecture:  # noqa: ANN401 - one of the two functions above
    return lambda document: ", ".join(map(_expiration, mefs(document))) or None


def _expiration(mef: dict[str, Any]) -> str:
    fin = en_date(mef.get("date_fermeture"))
    return f"expire le {jour_francais(fin)}" if fin else "pas de date d'expiration"


def _expire(mefs: Any) -> Lecture:  # noqa: ANN401 - one of the two functions above
    def lire(document: Document) -> Cellule:
        return ", ".join(_expire_avant(mef, document) for mef in mefs(document)) or None

    return lire


def _expire_avant(mef: dict[str, Any], document: Document) -> str:
    fin = mef.get("date_fermeture")
    return "OUI" if fin and fin <= document["_seuil"] else "NON"


def _sessions(document: Document) -> Cellule:
    lire = document["projection"].get
    debuts, fins = lire("date_debut") or [], lire("date_fin") or []
    suites = {
        nom: lire(nom) or []
        for nom in (
            "modalites_entrees_sorties",
            "effectif_minimal",
            "capacite_simultanee",
            "capacite_cumulee",
        )
    }
    rangs = sorted(range(len(debuts)), key=lambda rang: str(debuts[rang]))
    return " | ".join(_session(debuts, fins, suites, rang) for rang in rangs) or None


def _session(debuts: list[str], fins: list[str], suites: dict[str, list[Any]], rang: int) -> str:
    debut = en_date(debuts[rang])
    fin = en_date(fins[rang]) if rang < len(fins) else None
    dit = f"Du {jour_francais(debut) if debut else debuts[rang]}"
    dit += f" au {jour_francais(fin)}" if fin else " au (non précisé)"
    if _au_rang(suites["modalites_entrees_sorties"], rang):
        dit += " en entrée-sortie permanente"
    effectif = _au_rang(suites["effectif_minimal"], rang)
    simultanee = _au_rang(suites["capacite_simultanee"], rang)
    cumulee = _au_rang(suites["capacite_cumulee"], rang)
    return (
        f"{dit}, effectif minimal : {_precise(effectif, 'non précisé')}, capacité simultanée : "
        f"{_precise(simultanee, 'non précisée')}, capacité cumulée : "
        f"{_precise(cumulee, 'non précisée')}"
    )


def _au_rang(suite: list[Any], rang: int) -> Any:  # noqa: ANN401 - an element as stored
    return suite[rang] if rang < len(suite) else None


def _precise(nombre: object, sinon: str) -> str:
    return sinon if nombre is None else str(nombre)


_P: Final = "projection."
_GENERALES: Final = (
    Colonne("Clé ministere educatif", du("cle_ministere_educatif")),
    Colonne("Fiche catalogue", _fiche),
    Colonne("Lien catalogue public (Carif-Oref)", rien),
    Colonne("Identifiant Parcoursup", texte("retours.parcoursup.identifiant")),
    Colonne("Identifiant Affelnet", texte("retours.affelnet.identifiant")),
    Colonne("Identifiant Carif formation", du("id_formation")),
    Colonne("Identifiant Carif action", du("ids_action")),
    Colonne("Identifiant Certifinfo", du("id_certifinfo")),
    Colonne("Responsable: académie", _academie("gestionnaire")),
    Colonne("Responsable: région", du("etablissement_gestionnaire_region")),
    Colonne("Responsable: Siret", du("etablissement_gestionnaire_siret")),
    Colonne("Responsable: UAI", du("etablissement_gestionnaire_uai")),
    Colonne("Responsable: raison sociale", du("etablissement_gestionnaire_raison_sociale")),
    Colonne("Responsable: enseigne", du("etablissement_gestionnaire_enseigne")),
    Colonne("Formateur: académie", _academie("formateur")),
    Colonne("Formateur: région", du("etablissement_formateur_region")),
    Colonne("Formateur: Siret", du("etablissement_formateur_siret")),
    Colonne("Formateur: UAI", du("etablissement_formateur_uai")),
    Colonne("Formateur: raison sociale", du("etablissement_formateur_raison_sociale")),
    Colonne("Formateur: enseigne", du("etablissement_formateur_enseigne")),
    Colonne("Formateur: adresse", du("etablissement_formateur_adresse")),
    Colonne("Formateur: code postal", du("etablissement_formateur_code_postal")),
    Colonne("Formateur: ville", du("etablissement_formateur_localite")),
    Colonne("Formateur: code commune", du("etablissement_formateur_code_commune_insee")),
    Colonne("Lieu: académie", du("nom_academie")),
    Colonne("Lieu: région", du("region")),
    Colonne("Lieu: Siret", du("etablissement_lieu_formation_siret")),
    Colonne("Lieu: Siret actif ?", rien),
    Colonne("Lieu: UAI transmis par RCO", du("etablissement_lieu_formation_uai")),
    Colonne("Lieu: UAI", du("uai_formation")),
    Colonne("Lieu: UAI édité ?", rien),
    Colonne("Lieu: UAI date d'édition", rien),
    Colonne("Lieu: UAI édité par", rien),
    Colonne("Lieu: adresse", du("lieu_formation_adresse")),
    Colonne("Lieu: code postal", du("code_postal")),
    Colonne("Lieu: ville", du("localite")),
    Colonne("Lieu: code commune", du("code_commune_insee")),
    Colonne("Lieu: géolocalisation", du("lieu_formation_geo_coordonnees")),
    Colonne("Formation: type certification BCN", du("diplome")),
    Colonne("Formation: type certification RNCP", du("rncp_details.type_certif")),
    Colonne("Formation: code type certification RNCP", du("rncp_details.code_type_certif")),
    Colonne("Formation: libellé long BCN", du("intitule_long")),
    Colonne("Formation: libellé RNCP", du("rncp_intitule")),
    Colonne("Formation: libellé Carif-Oref", du("intitule_rco")),
    Colonne("Formation: type d'enregistrement (certifinfo)", rien),
    Colonne(
        "Formation: type d'enregistrement (France compétences)",
        du("rncp_details.type_enregistrement"),
    ),
    Colonne("Formation: contrôle d'expiration sur le code", _controle),
    Colonne("Formation: code RNCP", du("rncp_code")),
    Colonne(
        "Formation: code RNCP expiration",
        le_jour(f"{_P}rncp_details.date_fin_validite_enregistrement"),
    ),
    Colonne("Formation: expiration RNCP sur la campagne", oui_non(f"{_P}rncp_outdated")),
    Colonne("Formation: code CFD", du("cfd")),
    Colonne("Formation: code CFD expiration", le_jour(f"{_P}cfd_date_fermeture")),
    Colonne("Formation: expiration CFD sur la campagne", oui_non(f"{_P}cfd_outdated")),
    Colonne("Formation: code CFD de l'année d'entrée", du("cfd_entree")),
    Colonne("Formation: code CFD de l'année d'entrée expiration", rien),
    Colonne("Formation: codes MEF", _codes_mef),
    Colonne("Formation: codes MEF expirations", _expirations(_mefs)),
    Colonne("Formation: expiration MEF sur la campagne", _expire(_mefs)),
    Colonne("Formation: MEF dans le périmètre Affelnet", rien),
    Colonne("Formation: MEF dans le périmètre Affelnet expiration", rien),
    Colonne("Formation: expiration MEF dans le périmètre Affelnet sur la campagne", rien),
    Colonne("Formation: MEF dans le périmètre Parcoursup", du("parcoursup_mefs_10")),
    Colonne(
        "Formation: MEF dans le périmètre Parcoursup expiration", _expirations(_mefs_parcoursup)
    ),
    Colonne(
        "Formation: expiration MEF dans le périmètre Parcoursup sur la campagne",
        _expire(_mefs_parcoursup),
    ),
    Colonne("Formation: niveau BCN", du("niveau")),
    Colonne("Formation: durée collectée", du("duree")),
    Colonne("Formation: année d'entrée en apprentissage collectée", du("annee")),
    Colonne("Formation: URL Onisep", du("onisep_url")),
    Colonne("Paramètre réglementaire: Offre réglementaire ?", oui_non(f"{_P}catalogue_published")),
    Colonne(
        "Paramètre réglementaire: certifié qualité ?",
        oui_non(f"{_P}etablissement_reference_certifie_qualite"),
    ),
    Colonne("Paramètre réglementaire: Formateur certifié qualité ?", rien),
    Colonne(
        "Paramètre réglementaire: Organisme habilité pour ce RNCP ?",
        oui_non(f"{_P}etablissement_reference_habilite_rncp"),
    ),
    Colonne(
        "Paramètre réglementaire: Siret formateur et responsable actif ?",
        _actif("etablissement_gestionnaire_actif", "etablissement_formateur_actif"),
    ),
    Colonne(
        "Paramètre réglementaire: Siret responsable actif",
        _actif("etablissement_gestionnaire_actif"),
    ),
    Colonne(
        "Paramètre réglementaire: Siret formateur actif", _actif("etablissement_formateur_actif")
    ),
    Colonne(
        "Paramètre réglementaire: Formation état fiche RNCP", du("rncp_details.active_inactive")
    ),
)
_FIN: Final = (
    Colonne("Offre: Nouvelle fiche", rien),
    Colonne("Offre: Dates de formation", _sessions),
    Colonne("Offre: Tags", du("tags")),
    Colonne("Offre: Remplace la clé ME", rien),
    Colonne("Offre: Est remplacée par la clé ME", rien),
)
COLONNES: Final = (
    *_GENERALES,
    *colonnes_de(Plateforme.AFFELNET),
    *colonnes_de(Plateforme.PARCOURSUP),
    *_FIN,
)
"""All columns in their order.

They read of an offer, beside what is stored, `_seuil`, the threshold of validity of the day, and
`_fiches`, the address of the pages of formations.
"""


def colonnes(*, admin: bool, vues: tuple[Plateforme, ...]) -> list[Colonne]:
    """Return the columns of a reader; those of a platform that he may not see are empty."""
    autres = [f"{une.capitalize()}: " for une in Plateforme if une not in vues]
    return [
        Colonne(une.titre, rien) if une.titre.startswith(tuple(autres)) else une
        for une in COLONNES
        if admin or not une.admin
    ]
