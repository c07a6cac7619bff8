"""An offer as the historic routes gave it: one flat object, statuses beside facts (domain.md §1).

Authors, precisions, comments and raw answers are in none of them.
"""

from collections.abc import Container, Mapping
from typing import Any, Final

from contracts.statuts import Plateforme
from services.export.domain.champs import SIMPLES, TABLEAUX
from services.export.domain.derivees import rendez_vous
from services.export.domain.mefs_affelnet import infos_offre, mefs_affelnet
from services.export.domain.regles import JeuDeRegles
from services.export.domain.relations import statut_candidatures
from services.export.domain.requete_champs import CHAMPS
from services.export.domain.requete_lecture import RequeteRefusee

Objet = dict[str, Any]

_PS: Final = Plateforme.PARCOURSUP.value
_AF: Final = Plateforme.AFFELNET.value
_AUCUN: Final[Objet] = {}
_INCONNUS: Final[Objet] = {**dict.fromkeys(SIMPLES), "rncp_details": None}
DONNES: Final = frozenset(
    {
        *(champ for champ in CHAMPS if "." not in champ and champ != "id_parcoursup"),
        *TABLEAUX,
        *("rncp_details", "affelnet_mefs_10", "affelnet_candidature_status"),
        *(f"{plateforme}_perimetre_prise_rdv" for plateforme in Plateforme),
    }
)
"""The fields that the flat object always has."""

_SELECTION_MAX: Final = 200


def forme_historique(
    document: Mapping[str, Any], jeu: JeuDeRegles, relation: Mapping[str, Any] | None = None
) -> Objet:
    """Return the flat object of a stored offer; what is not known is null, lists are lists.

    `relation` is that of its two establishments with the applications' site, if they have one.
    """
    projection = document["projection"]
    mefs = mefs_affelnet(document, jeu)
    textes = (document.get("textes") or _AUCUN).get(_AF) or _AUCUN
    couverture = (document.get("couverture") or _AUCUN).get(_AF) or _AUCUN
    forme: Objet = {
        "_id": document["_id"],
        "id": document["_id"],
        **_INCONNUS,
        **{tableau: [] for tableau in TABLEAUX},
        **projection,
        "bcn_mefs_10": [_mef_historique(mef) for mef in projection.get("bcn_mefs_10") or ()],
        "published": projection.get("published", True) and "etat" not in projection,
    }
    for plateforme in Plateforme:
        forme |= _plateforme(document, plateforme.value)
    return forme | {
        "parcoursup_published": bool(
            ((document.get("relecture") or _AUCUN).get(_PS) or _AUCUN).get("visible")
        ),
        "parcoursup_perimetre_prise_rdv": prise_rdv(document, Plateforme.PARCOURSUP),
        "affelnet_perimetre_prise_rdv": prise_rdv(document, Plateforme.AFFELNET),
        "affelnet_mefs_10": mefs,
        "affelnet_infos_offre": infos_offre(document, mefs),
        "affelnet_url_infos_offre": textes.get("url_infos_offre"),
        "affelnet_modalites_offre": textes.get("modalites_offre"),
        "affelnet_url_modalites_offre": textes.get("url_modalites_offre"),
        "affelnet_secteur": couverture.get("secteur"),
        "affelnet_code_nature": couverture.get("code_nature"),
        "affelnet_candidature_status": statut_candidatures(
            relation, perimetre=forme["affelnet_perimetre"]
        ),
    }


def _mef_historique(mef: Mapping[str, Any]) -> Objet:
    modalite = {"duree": mef.get("duree"), "annee": mef.get("annee")}
    return {
        "mef10": mef["mef10"],
        "modalite": modalite,
        "date_fermeture": mef.get("date_fermeture"),
    }


def _plateforme(document: Mapping[str, Any], nom: str) -> Objet:
    montre = document["publication"]["plateformes"][nom]
    eligibilite = document["eligibilites"][nom]
    precedent = (document.get("precedents") or _AUCUN).get(nom) or _AUCUN
    return {
        f"{nom}_statut": montre["statut"],
        f"{nom}_id": montre["identifiant"],
        f"{nom}_perimetre": montre["perimetre"],
        f"{nom}_published_date": montre["publiee_le"],
        f"{nom}_raison_depublication": montre["motif"],
        f"{nom}_session": eligibilite["session"],
        f"{nom}_previous_session": eligibilite["session_precedente"],
        f"{nom}_statut_initial": eligibilite["statut_initial"],
        f"{nom}_previous_statut": precedent.get("statut"),
    }


def prise_rdv(document: Mapping[str, Any], plateforme: Plateforme) -> bool:
    """Tell whether appointments may be taken for an offer found on a platform."""
    statut = document["publication"]["plateformes"][plateforme.value]["statut"]
    return rendez_vous(plateforme, statut, document["projection"].get("bcn_mefs_10") or ())


def selection(demandee: Mapping[str, Any], connus: Container[str]) -> Mapping[str, bool]:
    """Return a projection as asked: all 1 (these fields) or all 0 (all but these).

    Raises:
        RequeteRefusee: a field to give that is not known, or 0 and 1 mixed.
    """
    lue: dict[str, bool] = {}
    if len(demandee) > _SELECTION_MAX:
        raise RequeteRefusee("select", "trop de champs")
    for champ, valeur in demandee.items():
        if valeur not in (0, 1):
            raise RequeteRefusee(f"select.{champ}", "0 ou 1 est attendu")
        if valeur and champ not in connus:
            raise RequeteRefusee(f"select.{champ}", "champ inconnu")
        if champ != "_id":
            lue[champ] = bool(valeur)
    if len(set(lue.values())) > 1:
        raise RequeteRefusee("select", "des champs à donner ou des champs à taire, pas les deux")
    return lue


def choisir(forme: Objet, choix: Mapping[str, bool]) -> Objet:
    """Keep of an object what a selection says; its `_id` always."""
    if not choix:
        return forme
    if any(choix.values()):
        return {champ: forme[champ] for champ in ("_id", *choix)}
    return {champ: valeur for champ, valeur in forme.items() if champ not in choix}
