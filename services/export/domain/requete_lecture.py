"""The text of a historic query, as its clients send it: repaired where they are known to err.

Affelnet's client writes the number of an académie with a leading zero (`"num_academie" :01`), which
is no JSON, and former names of statuses (domain.md §3.1, §4.3).
"""

import json
import re
from typing import Any, Final

from contracts.statuts import Statut

ANCIENS_STATUTS: Final = {
    "en attente de publication": Statut.PRET.value,
    "hors périmètre": Statut.NON_PUBLIABLE.value,
    "non intégrable": Statut.NON_PUBLIABLE.value,
    "non publiable": Statut.NON_PUBLIABLE.value,
}
_JETONS: Final = re.compile(r'("(?:[^"\\]|\\.)*")|(?<![\w.+-])(0+)(?=\d)')


class RequeteRefusee(ValueError):
    """The query cannot be understood; `lieu` is the path in it, `raison` is French."""

    def __init__(self, lieu: str, raison: str) -> None:
        super().__init__(f"{lieu or 'requête'} : {raison}")
        self.lieu = lieu
        self.raison = raison


def lire_json(texte: str | None, nom: str) -> dict[str, Any]:
    """Return the object of a parameter, `{}` when it is absent.

    Raises:
        RequeteRefusee: it is no JSON object even once repaired.
    """
    if not texte:
        return {}
    try:
        lu = json.loads(_JETONS.sub(lambda jeton: jeton[1] or "", texte))
    except (ValueError, RecursionError) as erreur:
        position = getattr(erreur, "pos", 0)
        raise RequeteRefusee(nom, f"JSON illisible (caractère {position})") from erreur
    if not isinstance(lu, dict):
        raise RequeteRefusee(nom, "un objet est attendu")
    return lu
