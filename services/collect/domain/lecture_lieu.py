"""How a position is read: as declared, for whoever knows the commune to make sense of it.

A decimal comma, an inverted order or projected metres are recognised against the declared commune,
by enrich: here a text is kept whatever it says.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from contracts.identifiants.textes import texte
from services.collect.domain.constat import Constat, constat
from services.collect.domain.lecture_champs import Offre, memoire

CHAMP: Final = "lieu_formation_geo_coordonnees"
AXES: Final = ("latitude", "longitude")

_POSITION_MAX: Final = 100
_DEGRES: Final = re.compile(
    r"\s*([+-]?\d{1,3}(?:\.\d+)?)\s*[,; ]\s*([+-]?\d{1,3}(?:\.\d+)?)\s*", re.ASCII
)
_CALCULE_PAR_LE_CATALOGUE: Final = "distance_commune_metres"


def lire_position(champ: str, valeur: object, offre: Offre, constats: list[Constat]) -> None:
    """Keep a position: `lat,lon` when it is decimal degrees, else the text itself.

    A list of two numbers, and a GeoJSON point, whose longitude comes first, are positions too.
    """
    lue = _texte_de(valeur if type(valeur) is str else _point(valeur))
    if lue is None:
        constats.append(constat("coordonnees_illisibles", champ, valeur))
    elif lue:
        offre[champ] = lue


def lire_axe(champ: str, valeur: object, offre: Offre, constats: list[Constat]) -> None:
    """Keep a latitude or a longitude until `joindre_les_axes`."""
    lu = texte(valeur)
    if len(lu) > _POSITION_MAX // 2 or not (lu or isinstance(valeur, str)):
        constats.append(constat("coordonnees_illisibles", champ, valeur))
    elif lu:
        offre[champ] = lu


def joindre_les_axes(brut: Mapping[str, Any], offre: Offre) -> None:
    """Write a latitude and a longitude given apart as the position, unless one was given whole.

    Those of an extract of the catalogue are its own computation, and are not collected again.
    """
    axes = [offre.pop(axe, None) for axe in AXES]
    if CHAMP in offre or _CALCULE_PAR_LE_CATALOGUE in brut:
        return
    offre[CHAMP] = _normaliser(";".join(axe or "" for axe in axes))


def _point(valeur: object) -> object:
    """Return the text of two numbers; any other value as it is."""
    if isinstance(valeur, dict) and valeur.get("type") == "Point":
        coordonnees = valeur.get("coordinates")
        valeur = coordonnees[::-1] if isinstance(coordonnees, list) else valeur
    if isinstance(valeur, list) and len(valeur) == len(AXES):
        return ";".join(map(texte, valeur))
    return valeur


def _texte_de(valeur: object) -> str | None:
    """Return a position, empty when the text is; None for what is no text or no short one."""
    if not isinstance(valeur, str) or len(valeur) > _POSITION_MAX:
        return None
    return _normaliser(valeur)


def _normalisee(valeur: object) -> str:
    lu = texte(valeur)
    trouve = _DEGRES.fullmatch(lu)
    return f"{trouve[1]},{trouve[2]}" if trouve else lu


_normaliser = memoire(_normalisee)
