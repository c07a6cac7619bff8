"""What notices say in French: headings, causes, what is to be mended and by whom."""

from collections.abc import Mapping
from typing import Any, Final

from services.export.domain.academies import ACADEMIES
from services.export.domain.avis import Rubrique
from services.export.domain.explications import en_clair
from services.export.domain.motifs import MOTIFS
from services.export.domain.precontrole_parcoursup import CONTROLES
from services.export.domain.saison_precedente import Cause

TITRES: Final[Mapping[Rubrique, str]] = {
    Rubrique.REJETEES: "Rejetées par la plateforme",
    Rubrique.RETENUES: "Retenues avant l'envoi",
    Rubrique.A_DECIDER: "À décider",
    Rubrique.REFUSEES: "Refusées par l'académie",
    Rubrique.EN_ATTENTE: "En attente d'une mise à jour",
    Rubrique.CERTIFICATION_FERMEE: "Certification fermée ou qui se ferme",
    Rubrique.DISPARUES: "Affichées la saison dernière, absentes de celle-ci",
    Rubrique.PUBLIEES: "Publiées",
}

_CARIF: Final = "auprès de votre Carif-Oref"
_PAR_TAG: Final[Mapping[str, str]] = {
    "RCO": f"Corrigez l'offre {_CARIF}, puis dites-le à votre académie.",
    "SSA": "Faites établir ou corriger l'UAI par les services statistiques de l'académie.",
    "DNE": "Rapprochez-vous de votre académie.",
    "SAIO/SRFD": "Rapprochez-vous de votre académie, qui attend une autorisation.",
    "N/A": "Rapprochez-vous de votre académie si vous souhaitez que l'offre paraisse.",
}
_PAR_MOTIF: Final[Mapping[str, str]] = {
    "ville_incorrecte": f"Corrigez la commune du lieu de formation {_CARIF}.",
    "adresse_changee": f"Mettez à jour l'adresse du lieu de formation {_CARIF}.",
    "organisme_change": f"Mettez à jour le gestionnaire ou le formateur (SIRET, UAI) {_CARIF}.",
    "organisme_injoignable": f"Mettez à jour vos coordonnées {_CARIF}.",
    "offre_annulee": f"Si elle a lieu, confirmez l'offre {_CARIF} ; sinon, retirez-la.",
    "offre_en_double": f"Retirez l'une des deux offres {_CARIF}.",
    "dates_et_duree_discordantes": f"Accordez les dates de session et la durée {_CARIF}.",
    "duree_ou_annee_incorrecte": f"Corrigez la durée ou l'année d'entrée {_CARIF}.",
}
_CERTIFICATION: Final = f"Redéposez l'offre sous la certification qui la remplace, {_CARIF}."
_DISPARUES: Final[Mapping[str, tuple[str, str]]] = {
    Cause.FERMEE: (
        "L'offre n'est plus collectée ou n'est plus déclarée publiée.",
        f"Si elle a lieu, déclarez-la de nouveau {_CARIF}.",
    ),
    Cause.QUALIOPI_PERDU: (
        "L'organisme de référence n'est plus certifié Qualiopi.",
        "Faites mettre à jour la certification de l'organisme.",
    ),
    Cause.PAS_MISE_A_JOUR: (
        "L'offre n'a pas de session dans la nouvelle campagne.",
        f"Déclarez les dates de la prochaine session {_CARIF}.",
    ),
    Cause.AUTRE: ("L'offre n'entre plus dans les règles de périmètre.", ""),
}


def _table() -> dict[str, tuple[str, str]]:
    """Return, by code of reason, its cause and what is to be done."""
    table = {f"retenue:{code}": (un.cause, un.action) for code, un in CONTROLES.items()}
    table |= {f"disparue:{cause}": phrases for cause, phrases in _DISPARUES.items()}
    for motif in MOTIFS:
        a_faire = _PAR_MOTIF.get(motif.code) or _PAR_TAG[motif.tag]
        table[f"motif:{motif.code}"] = (motif.libelle, a_faire)
    return table


_PHRASES: Final = _table()


def cause(element: Mapping[str, Any]) -> str:
    """Return why an offer stands under its heading, as a sentence; empty when nothing is known."""
    if element.get("cause"):
        return str(element["cause"])
    raison = element.get("raison") or ""
    if raison.startswith("clause:"):
        return " ".join(en_clair([raison.removeprefix("clause:")]))
    if raison in _PHRASES:
        return _PHRASES[raison][0]
    if element["rubrique"] == Rubrique.REJETEES:
        return "La réponse de la plateforme n'est pas une erreur connue."
    return ""


def nommer(destinataire: str) -> str:
    """Return a reader as sentences name it: « l'académie de Lyon »."""
    espece, _, code = destinataire.partition(":")
    if espece == "siret":
        return f"l'établissement {code}"
    nom = ACADEMIES.get(code)
    if nom is None:
        return f"l'académie {code}"
    return f"l'académie d'{nom}" if nom[0] in "AEIOUÉ" else f"l'académie de {nom}"


def a_faire(element: Mapping[str, Any]) -> str:
    """Return what is to be mended; empty when nothing is."""
    if element["rubrique"] == Rubrique.CERTIFICATION_FERMEE:
        return _CERTIFICATION
    return str(element.get("action") or _PHRASES.get(element.get("raison") or "", ("", ""))[1])
