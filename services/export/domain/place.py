"""The place of a reader in a sorted list: opaque to him, good for the order it was made in."""

import base64
import binascii
import json
from typing import Any, Final

from services.export.domain.recherche import Tri

LONGUEUR_MAX: Final = 2_048


class PlaceInvalide(ValueError):
    """The text is no place of a list in this order."""


def ecrire(tri: Tri, valeur: Any, identifiant: str) -> str:  # noqa: ANN401 - a value as stored
    """Return the text of the place after an offer, fit for a URL."""
    texte = json.dumps([tri, valeur, identifiant], separators=(",", ":"))
    return base64.urlsafe_b64encode(texte.encode()).decode().rstrip("=")


def lire(tri: Tri, texte: str) -> tuple[str | None, str]:
    """Read a place: the value of the order, the id.

    Raises:
        PlaceInvalide: not a place, cut, or of another order.
    """
    try:
        brut = json.loads(base64.urlsafe_b64decode(texte + "=" * (-len(texte) % 4)))
        lu, valeur, identifiant = brut
    except (ValueError, TypeError, binascii.Error, RecursionError) as erreur:
        raise PlaceInvalide("texte illisible") from erreur
    if lu != tri or not isinstance(identifiant, str) or not isinstance(valeur, str | None):
        raise PlaceInvalide("place d'un autre ordre")
    return valeur, identifiant
