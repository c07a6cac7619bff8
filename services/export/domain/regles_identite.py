"""What makes two documents the same rule: what it is about, not what it says of it."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

IDENTITE: Final = (
    "plateforme",
    "niveau",
    "diplome",
    "num_academie",
    "nom_regle_complementaire",
    "regle_complementaire",
    "duree",
    "annee",
)


def sujet(contenu: Mapping[str, Any]) -> str:
    """Return a text that is equal for two documents about the same offers, under the same name."""
    return json.dumps([contenu.get(champ) or None for champ in IDENTITE], ensure_ascii=False)


def racine(contenu: Mapping[str, Any]) -> str:
    """Return the id that follows from the subject: the same, whoever brings the rule in."""
    return hashlib.blake2b(sujet(contenu).encode(), digest_size=6).hexdigest()
