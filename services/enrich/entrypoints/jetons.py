"""Links to a page of one establishment: signed for whoever showed a key, for a few hours."""

import hmac
from datetime import datetime
from hashlib import sha256
from typing import Final, NamedTuple

_SIGNATURE: Final = 32
_USAGE: Final = "page-qualite"


class Lien(NamedTuple):
    """What a link tells: the establishment, the key that was shown, until when (epoch seconds)."""

    siret: str
    cle: str
    jusqua: int


def signer(lien: Lien, poivre: str) -> str:
    """Return the token of a link."""
    texte = f"{lien.cle}.{lien.jusqua}"
    return f"{texte}.{_signature(lien.siret, texte, poivre)}"


def lire(siret: str, jeton: str, poivre: str, maintenant: datetime) -> Lien | None:
    """Return the link of a token; None when it is not ours, of another SIRET, or too old."""
    texte, _, signature = jeton.rpartition(".")
    attendue = _signature(siret, texte, poivre)
    if not hmac.compare_digest(attendue.encode(), signature.encode()):
        return None
    cle, _, jusqua = texte.partition(".")
    lien = Lien(siret, cle, int(jusqua))
    return lien if maintenant.timestamp() < lien.jusqua else None


def _signature(siret: str, texte: str, poivre: str) -> str:
    message = f"{_USAGE}:{siret}:{texte}".encode()
    return hmac.new(poivre.encode(), message, sha256).hexdigest()[:_SIGNATURE]
