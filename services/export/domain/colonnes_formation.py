"""The columns of the académies' tables that tell of the diploma, its MEF and their validity."""

from collections.abc import Callable
from typing import Any, Final

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
)
from services.export.domain.eligibilite import DE_DROIT

Mefs = Callable[[Document], list[dict[str, Any]]]


def _controle(document: Document) -> Cellule:
    projection = document["projection"]
    inscription = (projection.get("rncp_details") or {}).get("type_enregistrement")
    if inscription == DE_DROIT or not projection.get("rncp_code"):
        return "CFD"
    return "RNCP"


def _expiration_cfd_entree(document: Document) -> Cellule:
    lire = document["projection"].get
    # The table tells of the first year's own CFD nothing but its code.
    return en_date(lire("cfd_date_fermeture")) if lire("cfd_entree") == lire("cfd") else None


def _mefs(document: Document) -> list[dict[str, Any]]:
    return document["projection"].get("bcn_mefs_10") or []


def _mefs_parcoursup(document: Document) -> list[dict[str, Any]]:
    gardes = set(document["projection"].get("parcoursup_mefs_10") or ())
    return [mef for mef in _mefs(document) if mef["mef10"] in gardes]


def _mefs_affelnet(document: Document) -> list[dict[str, Any]]:
    siens = {mef["mef10"]: mef for mef in _mefs(document)}
    # An import may cover an offer under a MEF that its diploma has not.
    return [siens.get(mef["mef10"], mef) for mef in document["_mefs_affelnet"]]


def _codes(mefs: Mefs) -> Lecture:
    return lambda document: ", ".join(mef["mef10"] for mef in mefs(document)) or None


def _expirations(mefs: Mefs) -> Lecture:
    return lambda document: ", ".join(map(_expiration, mefs(document))) or None


def _expiration(mef: dict[str, Any]) -> str:
    fin = en_date(mef.get("date_fermeture"))
    return f"expire le {jour_francais(fin)}" if fin else "pas de date d'expiration"


def _expire(mefs: Mefs) -> Lecture:
    def lire(document: Document) -> Cellule:
        return ", ".join(_expire_avant(mef, document) for mef in mefs(document)) or None

    return lire


def _expire_avant(mef: dict[str, Any], document: Document) -> str:
    fin = mef.get("date_fermeture")
    return "OUI" if fin and fin <= document["_seuil"] else "NON"


_P: Final = "projection."
FORMATION: Final = (
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
    Colonne("Formation: code CFD de l'année d'entrée expiration", _expiration_cfd_entree),
    Colonne("Formation: codes MEF", _codes(_mefs)),
    Colonne("Formation: codes MEF expirations", _expirations(_mefs)),
    Colonne("Formation: expiration MEF sur la campagne", _expire(_mefs)),
    Colonne("Formation: MEF dans le périmètre Affelnet", _codes(_mefs_affelnet)),
    Colonne("Formation: MEF dans le périmètre Affelnet expiration", _expirations(_mefs_affelnet)),
    Colonne(
        "Formation: expiration MEF dans le périmètre Affelnet sur la campagne",
        _expire(_mefs_affelnet),
    ),
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
)
