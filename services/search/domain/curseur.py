"""The cursor of a search: where the previous page ended, opaque to who carries it.

Stateless (search_after over the sort values, the id last): it never expires, has no depth limit,
and an offer that comes or goes elsewhere neither repeats nor hides another. It is bound to the
search that gave it.
"""

import base64
import binascii
from dataclasses import dataclass
from typing import Any, Final

import orjson

from contracts.empreinte import empreinte
from services.search.domain.criteres import Criteres, Mode, Point

VERSION: Final = 1
_LONGUEUR_MAX: Final = 1_000


class CurseurInvalide(ValueError):
    """The text is no cursor, or that of another search."""


@dataclass(frozen=True, slots=True)
class Curseur:
    """The last hit's sort values, and what the search had settled on its first page."""

    valeurs: tuple[str | int | float, ...]
    mode: Mode = Mode.EXACT
    point: Point | None = None


def ecrire(curseur: Curseur, criteres: Criteres, lieu: str = "") -> str:
    """Return the cursor as text safe in an address; `lieu` is the place as it was asked."""
    point = [curseur.point.lat, curseur.point.lon] if curseur.point else None
    contenu = [VERSION, _lien(criteres, lieu), curseur.mode, point, list(curseur.valeurs)]
    return base64.urlsafe_b64encode(orjson.dumps(contenu)).rstrip(b"=").decode()


def lire(texte: str, criteres: Criteres, lieu: str = "") -> Curseur:
    """Return the cursor of a text; raises `CurseurInvalide` when it is not one of this search."""
    version, lien, mode, point, valeurs = _decoder(texte)
    if version != VERSION or lien != _lien(criteres, lieu):
        raise CurseurInvalide("ce curseur vient d'une autre recherche")
    if not isinstance(valeurs, list) or not all(isinstance(v, str | int | float) for v in valeurs):
        raise CurseurInvalide("ce curseur est illisible")
    try:
        return Curseur(tuple(valeurs), Mode(mode), Point(*map(float, point)) if point else None)
    except (TypeError, ValueError) as illisible:
        raise CurseurInvalide("ce curseur est illisible") from illisible


def _decoder(texte: str) -> list[Any]:
    if len(texte) > _LONGUEUR_MAX:
        raise CurseurInvalide("ce curseur est trop long")
    try:
        brut = base64.b64decode(texte + "=" * (-len(texte) % 4), altchars=b"-_", validate=True)
        contenu = orjson.loads(brut)
    except (binascii.Error, ValueError) as illisible:
        raise CurseurInvalide("ce curseur est illisible") from illisible
    if not isinstance(contenu, list) or len(contenu) != 5:
        raise CurseurInvalide("ce curseur est illisible")
    return contenu


def _lien(criteres: Criteres, lieu: str) -> str:
    return empreinte([criteres.identite(), lieu])[:16]
