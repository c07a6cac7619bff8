"""The académies by their numbers, and the ways in which files write them (refdata `geo/`)."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

ACADEMIES: Final[Mapping[str, str]] = {
    "01": "Paris",
    "02": "Aix-Marseille",
    "03": "Besançon",
    "04": "Bordeaux",
    "06": "Clermont-Ferrand",
    "07": "Dijon",
    "08": "Grenoble",
    "09": "Lille",
    "10": "Lyon",
    "11": "Montpellier",
    "12": "Nancy-Metz",
    "13": "Poitiers",
    "14": "Rennes",
    "15": "Strasbourg",
    "16": "Toulouse",
    "17": "Nantes",
    "18": "Orléans-Tours",
    "19": "Reims",
    "20": "Amiens",
    "22": "Limoges",
    "23": "Nice",
    "24": "Créteil",
    "25": "Versailles",
    "27": "Corse",
    "28": "La Réunion",
    "31": "Martinique",
    "32": "Guadeloupe",
    "33": "Guyane",
    "40": "Nouvelle Calédonie",
    "41": "Polynésie Française",
    "42": "Wallis et Futuna",
    "43": "Mayotte",
    "44": "Saint Pierre et Miquelon",
    "70": "Normandie",
}
_SEPARATEURS: Final = re.compile(r"[^A-Z0-9]+")


def _plier(texte: str) -> str:
    nu = unicodedata.normalize("NFKD", texte.upper()).encode("ascii", "ignore").decode()
    return _SEPARATEURS.sub("-", nu).strip("-").removeprefix("LA-")


_NUMEROS: Final = {_plier(nom): numero for numero, nom in ACADEMIES.items()}


def numero(ecrite: str | None) -> str | None:
    """Return the two digits of an académie written by its number or its name; None if unknown."""
    pliee = _plier(ecrite or "")
    if pliee.isdecimal() and pliee.zfill(2) in ACADEMIES:
        return pliee.zfill(2)
    return _NUMEROS.get(pliee.removeprefix("ACADEMIE-DE-").removeprefix("LA-"))
