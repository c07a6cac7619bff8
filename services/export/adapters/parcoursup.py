"""Parcoursup's web service over HTTP: the signed token, the exchange, what its faults mean."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from services.export.domain.parcoursup import Issue, Reponse, classer
from services.export.settings import ParcoursupSettings
from services.kernel.clock import Clock
from services.kernel.logs import logger

ENVOI: Final = "/ApiFormation/api/formations"
RELECTURE: Final = "/ApiFormation/api/formations/publications/affectation"
_REPONSE_MAX: Final = 64 * 1024
_SANS_CORPS: Final = b"null"

# Raised before a byte of the request can have been acted upon: surely not created.
_AVANT_ENVOI: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class Signature:
    """Makes the Bearer tokens: RS512, claims `id`, `expire` (ms) and `hash` of the exact body."""

    def __init__(self, cle_privee: bytes, settings: ParcoursupSettings, horloge: Clock) -> None:
        """Sign with `cle_privee` (PEM) in the name of the certificate of `settings`."""
        phrase = settings.parcoursup_phrase
        cle = load_pem_private_key(
            cle_privee, phrase.get_secret_value().encode() if phrase else None
        )
        if not isinstance(cle, RSAPrivateKey):
            raise TypeError("la clé privée de Parcoursup doit être une clé RSA")
        self._cle = cle
        self._certificat = settings.parcoursup_certificat
        self._duree = timedelta(seconds=settings.parcoursup_jeton_s)
        self._horloge = horloge

    def jeton(self, corps: bytes) -> str:
        """Return a token for this body; `null` stands for none."""
        expire = self._horloge.now() + self._duree
        claims = {
            "id": self._certificat,
            "expire": int(expire.timestamp() * 1000),
            "hash": hashlib.sha512(corps).hexdigest(),
        }
        return jwt.encode(claims, self._cle, algorithm="RS512")


class ParcoursupHttp:
    """Implements `usecases.envoyer.Parcoursup`."""

    def __init__(self, client: httpx.AsyncClient, signature: Signature) -> None:
        """Call the service through `client`, whose base address and time-outs are set."""
        self._client = client
        self._signature = signature

    async def envoyer(self, corps: bytes) -> Reponse:
        """Post one offer; a fault after sending leaves its outcome unknown."""
        try:
            reponse = await self._client.post(
                ENVOI,
                content=corps,
                headers={
                    "Authorization": f"Bearer {self._signature.jeton(corps)}",
                    "Content-Type": "application/json",
                },
            )
        except _AVANT_ENVOI as erreur:
            return Reponse(Issue.A_REPRENDRE, erreur=f"??? {erreur!r}")
        except httpx.HTTPError as erreur:
            return Reponse(Issue.INCONNUE, erreur=f"??? {erreur!r}")
        return classer(reponse.status_code, reponse.content[:_REPONSE_MAX])

    async def relire(self) -> list[Mapping[str, Any]] | None:
        """Fetch the read-back; None, with a log, when it is not there or not whole."""
        try:
            reponse = await self._client.get(
                RELECTURE,
                headers={"Authorization": f"Bearer {self._signature.jeton(_SANS_CORPS)}"},
            )
            reponse.raise_for_status()
            lignes = reponse.json()
        except (httpx.HTTPError, ValueError) as erreur:
            logger.warning("relecture_parcoursup_impossible", erreur=repr(erreur))
            return None
        if not isinstance(lignes, list):
            logger.warning("relecture_parcoursup_illisible", type=type(lignes).__name__)
            return None
        return [ligne for ligne in lignes if isinstance(ligne, dict)]


def client(settings: ParcoursupSettings) -> httpx.AsyncClient:
    """Return an HTTP client of the service: bounded time, no redirect followed."""
    return httpx.AsyncClient(
        base_url=str(settings.parcoursup_adresse),
        timeout=httpx.Timeout(settings.parcoursup_delai_s, connect=5.0),
        follow_redirects=False,
    )
