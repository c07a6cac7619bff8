"""A record of the old catalogue, or of its collection, under our names and types (domain.md §1.5).

Its texts become the values that they stand for; what it does not hold stays out.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from contracts.formation import Formation
from contracts.identifiants import dates, periode
from contracts.identifiants.textes import texte
from contracts.statuts import Plateforme
from services.cli.controle.historiques import changements, dernier_changement, publiee_depuis

Document: TypeAlias = dict[str, Any]

RENOMMES: Final = {
    "intitule_formation": "intitule_rco",
    "etablissement_lieu_formation_code_insee": "code_commune_insee",
}
ABANDONNES: Final = frozenset({"rco_cfd", "_id", "__v"})

_NIVEAUX: Final = {
    "3": "3 (CAP...)",
    "4": "4 (BAC...)",
    "5": "5 (BTS, DEUST...)",
    "6": "6 (Licence, BUT...)",
    "7": "7 (Master, titre ingénieur...)",
    "8": "8 (Doctorat...)",
}
_BOOLEENS: Final = {
    nom for nom, champ in Formation.model_fields.items() if champ.annotation in (bool, bool | None)
}
_BOOLEEN: Final = re.compile(r"(?:.*_)?(?:published|ferme|habilite_rncp)|siege_social")
_DATE: Final = re.compile(r"(?:.*_)?date_(?:fermeture|creation|fin_validite_enregistrement)")
_NOMBRE: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?", re.ASCII)


def lire(brut: Mapping[str, Any]) -> Document:
    """Return the record under our names, dates as civil days of Paris, 0 and 1 as booleans.

    An empty text says nothing: null. Histories keep the entries that changed something; the day
    since which an offer is published, and that of its last change of status, come from them.
    """
    lu = {
        RENOMMES.get(nom, nom): _lecture(nom)(valeur)
        for nom, valeur in brut.items()
        if nom not in ABANDONNES
    }
    for plateforme in Plateforme:
        historique = brut.get(f"{plateforme}_statut_history")
        if historique:
            statut = f"{plateforme}_statut"
            entrees = [{"statut": e.get(statut), "date": e.get("date")} for e in historique]
            lu[f"{plateforme}_statut_history"] = changements(entrees)
            lu[f"{plateforme}_published_date"] = publiee_depuis(brut.get(statut), entrees)
            lu[f"{plateforme}_last_change"] = dernier_changement(entrees)
    return lu


def _lecture(nom: str) -> Callable[[Any], Any]:
    if nom in _LECTURES:
        return _LECTURES[nom]
    if nom in _BOOLEENS or _BOOLEEN.fullmatch(nom):
        return _booleen
    return _date if _DATE.fullmatch(nom) else _texte


def _texte(valeur: object) -> object:
    return None if valeur == "" else valeur


def _booleen(valeur: object) -> object:
    return bool(valeur) if valeur in (0, 1) else _texte(valeur)


def _date(valeur: object) -> object:
    return dates.normaliser(valeur) or _texte(valeur)


def _jours(valeur: object) -> object:
    return [_date(jour) for jour in valeur] if isinstance(valeur, list) else _texte(valeur)


def _mois(valeur: object) -> list[str]:
    lue = periode.lire(valeur)
    return lue.mois + lue.illisibles


def _niveau(valeur: object) -> object:
    return _NIVEAUX.get(texte(valeur), _texte(valeur))


def _distance(valeur: object) -> int | float | None:
    lu = texte(valeur)
    if not _NOMBRE.fullmatch(lu):
        return None
    nombre = float(lu)
    return int(nombre) if nombre.is_integer() else nombre


_LECTURES: Final[dict[str, Callable[[Any], Any]]] = {
    "periode": _mois,
    "niveau": _niveau,
    "distance": _distance,
    "date_debut": _jours,
    "date_fin": _jours,
}
