"""What readers of the pages are told, in plain French."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from contracts.statuts import Plateforme, Statut
from services.search.domain.criteres import Tri

NIVEAUX: Final = {
    "3": "3 – CAP, mention complémentaire",
    "4": "4 – Bac, BP, titre professionnel",
    "5": "5 – BTS, DUT, DEUST (bac + 2)",
    "6": "6 – Licence, BUT (bac + 3)",
    "7": "7 – Master, ingénieur (bac + 5)",
    "8": "8 – Doctorat (bac + 8)",
}
TRIS: Final = {
    Tri.PERTINENCE: "Pertinence",
    Tri.DISTANCE: "Distance",
    Tri.RECENTES: "Mises à jour récentes",
    Tri.INTITULE: "Intitulé",
}
RAYONS_KM: Final = (5, 10, 20, 30, 50, 100, 200)
_DISTANCE_SUSPECTE_M: Final = 20_000

_STATUTS: Final[Mapping[str, str]] = {
    Statut.NON_PUBLIABLE: "n’y sera pas proposée en l’état",
    Statut.A_PUBLIER: "peut y être proposée ; l’académie ne l’a pas encore demandé",
    Statut.PRET: "est validée et va y être proposée",
    Statut.PUBLIE: "y est proposée",
    Statut.NON_PUBLIE: "n’y est pas proposée, par décision de l’académie",
    Statut.EN_ATTENTE: "attend une mise à jour avant d’y être proposée",
    Statut.A_PUBLIER_POSTBAC: "peut y être proposée si l’accès direct après le bac est vérifié",
    Statut.A_PUBLIER_RECTEUR: "peut y être proposée si le recteur la valide",
    Statut.A_PUBLIER_HABILITATION: "peut y être proposée sous condition d’habilitation",
    Statut.REJET: "a été refusée par la plateforme ; une correction est attendue",
    Statut.ECHEC: "n’a pas pu y être envoyée ; un nouvel envoi est prévu",
    Statut.FERME: "y est déclarée fermée",
    Statut.A_DEFINIR: "attend que l’académie décide si elle y est proposée",
    Statut.A_PUBLIER_VALIDATION: "peut y être proposée si l’académie la valide",
}
_BADGES: Final[Mapping[str, str]] = {
    Statut.PUBLIE: "badge-succes",
    Statut.PRET: "badge-info",
    Statut.REJET: "badge-erreur",
    Statut.ECHEC: "badge-erreur",
}
_PLATEFORMES: Final = {
    Plateforme.PARCOURSUP: "Parcoursup (après le bac)",
    Plateforme.AFFELNET: "Affelnet (après la 3e)",
}


def statut_dit(statut: str | None) -> str:
    """Return the end of the sentence «Cette formation …»."""
    return _STATUTS.get(statut or "", "n’a pas encore été évaluée")


def plateformes(publications: Mapping[str, Any] | None) -> list[dict[str, str]]:
    """Return, per platform, its name, status, sentence and the style of its badge."""
    lignes = []
    for plateforme, nom in _PLATEFORMES.items():
        dite = (publications or {}).get(plateforme) or {}
        statut = dite.get("statut", Statut.NON_PUBLIABLE.value)  # silence says so (decision 9)
        lignes.append(
            {
                "nom": nom,
                "statut": statut,
                "phrase": f"Cette formation {statut_dit(statut)}.",
                "badge": _BADGES.get(statut, ""),
            }
        )
    return lignes


def facette(nom: str, valeur: Mapping[str, Any]) -> str:
    """Return the label of a value of a facet."""
    code, libelle = str(valeur["valeur"]), str(valeur["libelle"])
    dire = _FACETTES.get(nom)
    return dire(code, libelle) if dire else libelle


def _duree(code: str, _: str) -> str:
    return _NON_COLLECTEE if code == "X" else f"{code} an" + ("s" if code > "1" else "")


def _annee(code: str, _: str) -> str:
    return _NON_COLLECTEE if code == "X" else f"{code}{'re' if code == '1' else 'e'} année"


_NON_COLLECTEE: Final = "Non collectée"
_FACETTES: Final[Mapping[str, Callable[[str, str], str]]] = {
    "niveau": lambda code, _: NIVEAUX.get(code, code),
    "departement": lambda code, libelle: f"{code} – {libelle}",
    "duree": _duree,
    "annee": _annee,
    "a_distance": lambda code, _: "Entièrement à distance" if code == "true" else "Sur place",
    "entree": lambda code, _: mois(code),
}
_MOIS: Final = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)


def mois(annee_mois: str) -> str:
    """Return `septembre 2021` for `2021-09`; a text of another form as it is."""
    annee, _, numero = annee_mois.partition("-")
    if not (numero.isdigit() and 1 <= int(numero) <= len(_MOIS)):
        return annee_mois
    return f"{_MOIS[int(numero) - 1]} {annee}"


def avertissements(formation: Mapping[str, Any]) -> list[str]:
    """Return what a reader should know before counting on this offer (domain.md §5)."""
    lire = formation.get
    faits = (
        (lire("cfd_outdated"), "Le diplôme est fermé ou le sera avant la fin de la formation."),
        (lire("rncp_outdated"), "L’enregistrement au RNCP de la certification a pris fin."),
        (not lire("date_debut") and not lire("periode"), "Aucune date d’entrée n’est annoncée."),
        (
            lire("duree_incoherente"),
            "La durée annoncée ne correspond à aucun parcours connu de ce diplôme.",
        ),
        (
            lire("annee_incoherente"),
            "L’année d’entrée annoncée ne correspond à aucun parcours connu de ce diplôme.",
        ),
        (
            (lire("distance_commune_metres") or 0) > _DISTANCE_SUSPECTE_M,
            "La position donnée est loin de la commune annoncée : vérifiez l’adresse.",
        ),
    )
    return [phrase for vrai, phrase in faits if vrai]
