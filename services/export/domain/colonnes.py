"""The historic columns of the académies' tables (refdata `metier/colonnes_export_csv.csv`).

Titles and order are those that their spreadsheets expect. What no event tells export is left empty:
whether the place is open, who corrected its UAI, what certifinfo says of a registration.
"""

from typing import Any, Final
from urllib.parse import quote

from contracts.statuts import Plateforme
from services.export.domain.academies import ACADEMIES
from services.export.domain.cellules import (
    REPONSES,
    Cellule,
    Colonne,
    Document,
    Lecture,
    du,
    en_date,
    jour_francais,
    oui_non,
    rien,
    texte,
)
from services.export.domain.colonnes_formation import FORMATION
from services.export.domain.colonnes_plateformes import colonnes_de
from services.export.domain.derivees import siret_actif
from services.export.domain.projections import LIENS


def _academie(role: str) -> Lecture:
    def lire(document: Document) -> Cellule:
        numero = document["projection"].get(f"etablissement_{role}_num_academie")
        return ACADEMIES.get(str(numero).zfill(2)) if numero else None

    return lire


def _actif(*roles: str) -> Lecture:
    champs = [f"etablissement_{role}_actif" for role in roles]
    return lambda document: siret_actif(document["projection"].get(champ) for champ in champs)


def _fiche(document: Document) -> Cellule:
    return f"{document['_fiches']}/formations/{document['_id']}"


def _fiche_publique(document: Document) -> Cellule:
    cle = document["projection"].get("cle_ministere_educatif")
    return f"{document['_fiches_publiques']}/formation/{quote(cle, safe='')}" if cle else None


def _nouvelle(document: Document) -> Cellule:
    return REPONSES[document["_id"] >= document["_reperes"].premiere_nouvelle]


def _cles(champ: str) -> Lecture:
    def lire(document: Document) -> Cellule:
        lues = (document["_cles"].get(autre) for autre in liees(document, champ))
        return ", ".join(cle for cle in lues if cle) or None

    return lire


def liees(document: Document, *champs: str) -> list[str]:
    """Return the ids of the offers that an offer replaces, or the one that replaces it."""
    ids: list[str] = []
    for champ in champs or LIENS:
        lu = document["projection"].get(champ) or []
        ids += lu if isinstance(lu, list) else [lu]
    return ids


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
    Colonne("Lien catalogue public (Carif-Oref)", _fiche_publique),
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
    *FORMATION,
    Colonne("Paramètre réglementaire: Offre réglementaire ?", oui_non(f"{_P}catalogue_published")),
    Colonne(
        "Paramètre réglementaire: certifié qualité ?",
        oui_non(f"{_P}etablissement_reference_certifie_qualite"),
    ),
    Colonne(
        "Paramètre réglementaire: Formateur certifié qualité ?",
        oui_non(f"{_P}etablissement_formateur_certifie_qualite"),
    ),
    Colonne(
        "Paramètre réglementaire: Organisme habilité pour ce RNCP ?",
        oui_non(f"{_P}etablissement_reference_habilite_rncp"),
    ),
    Colonne(
        "Paramètre réglementaire: Siret formateur et responsable actif ?",
        _actif("gestionnaire", "formateur"),
    ),
    Colonne("Paramètre réglementaire: Siret responsable actif", _actif("gestionnaire")),
    Colonne("Paramètre réglementaire: Siret formateur actif", _actif("formateur")),
    Colonne(
        "Paramètre réglementaire: Formation état fiche RNCP", du("rncp_details.active_inactive")
    ),
)
_FIN: Final = (
    Colonne("Offre: Nouvelle fiche", _nouvelle),
    Colonne("Offre: Dates de formation", _sessions),
    Colonne("Offre: Tags", du("tags")),
    Colonne("Offre: Remplace la clé ME", _cles("predecesseurs")),
    Colonne("Offre: Est remplacée par la clé ME", _cles("remplacee_par")),
)
COLONNES: Final = (
    *_GENERALES,
    *colonnes_de(Plateforme.AFFELNET),
    *colonnes_de(Plateforme.PARCOURSUP),
    *_FIN,
)
"""All columns in their order.

They read of an offer, beside what is stored: `_seuil`, the threshold of validity of the day;
`_reperes` (`derivees.Reperes`); `_mefs_affelnet`, its MEF on Affelnet (`mefs_affelnet`); `_cles`,
the keys of the offers that it is linked to (`liees`), by id; `_fiches` and `_fiches_publiques`, the
addresses of the pages of formations, here and at the Carif-Oref.
"""


def colonnes(*, admin: bool, vues: tuple[Plateforme, ...]) -> list[Colonne]:
    """Return the columns of a reader; those of a platform that he may not see are empty."""
    autres = [f"{une.capitalize()}: " for une in Plateforme if une not in vues]
    return [
        Colonne(une.titre, rien) if une.titre.startswith(tuple(autres)) else une
        for une in COLONNES
        if admin or not une.admin
    ]
