"""The token as Parcoursup checks it: RS512, certificate, expiry, hash of the exact body."""

import hashlib
from pathlib import Path
from typing import Final

import jwt

SANS_CORPS: Final = b"null"


class JetonRefuse(Exception):
    """The token is not accepted, with the reason."""


def verifier(
    autorisation: str | None, corps: bytes, *, cle: Path, certificat: str, maintenant_ms: int
) -> None:
    """Check an `Authorization` header against a body (`null` for none).

    The key file is read at each call: in development it is made after the simulator has started.

    Raises:
        JetonRefuse: missing, badly signed, of another certificate, expired, or of another body.
    """
    genre, _, jeton = (autorisation or "").partition(" ")
    if genre != "Bearer" or not jeton:
        raise JetonRefuse("jeton absent")
    try:
        claims = jwt.decode(jeton, cle.read_bytes(), algorithms=["RS512"])
    except FileNotFoundError as erreur:
        raise JetonRefuse("clé publique absente") from erreur
    except jwt.PyJWTError as erreur:
        raise JetonRefuse(f"signature refusée : {erreur}") from erreur
    if claims.get("id") != certificat:
        raise JetonRefuse("certificat inconnu")
    if not isinstance(claims.get("expire"), int) or claims["expire"] <= maintenant_ms:
        raise JetonRefuse("jeton expiré")
    if claims.get("hash") != hashlib.sha512(corps).hexdigest():
        raise JetonRefuse("le corps n'est pas celui du jeton")
