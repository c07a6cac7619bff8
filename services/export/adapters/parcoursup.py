"""Parcoursup's web service over HTTP: the signed token, the exchange, what its faults mean."""

import hashlib
from datetime import timedelta
from typing import Final

import httpx
import jwt
import orjson
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from services.export.domain.parcoursup import Issue, Reponse, classer
from services.export.ports_parcoursup import AccesRetire, LectureImpossible
from services.export.settings import ParcoursupSettings
from services.kernel.clock import Clock

ENVOI: Final = "/ApiFormation/api/formations"
RELECTURE: Final = "/ApiFormation/api/formations/publications/affectation"
_REPONSE_MAX: Final = 64 * 1024
_RELECTURE_MAX: Final = 64 * 1024 * 1024
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
    """Implements `ports_parcoursup.Parcoursup`."""

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

    async def relire(self) -> object:
        """Fetch and decode the read-back, bounded in size; raises `LectureImpossible`."""
        entetes = {"Authorization": f"Bearer {self._signature.jeton(_SANS_CORPS)}"}
        try:
            async with self._client.stream("GET", RELECTURE, headers=entetes) as reponse:
                if reponse.status_code in (401, 403):
                    raise AccesRetire(f"Parcoursup refuse nos identifiants ({reponse.status_code})")
                reponse.raise_for_status()
                return orjson.loads(await _lire(reponse))
        except httpx.HTTPError as erreur:
            raise LectureImpossible(
                f"Parcoursup ne donne pas la relecture : {erreur!r}"
            ) from erreur
        except orjson.JSONDecodeError as erreur:
            raise LectureImpossible(f"La relecture n'est pas du JSON entier : {erreur}") from erreur


async def _lire(reponse: httpx.Response) -> bytes:
    morceaux = bytearray()
    async for morceau in reponse.aiter_bytes():
        morceaux += morceau
        if len(morceaux) > _RELECTURE_MAX:
            raise LectureImpossible(f"La relecture dépasse {_RELECTURE_MAX} octets.")
    return bytes(morceaux)


def client(settings: ParcoursupSettings) -> httpx.AsyncClient:
    """Return an HTTP client of the service: bounded time, no redirect followed."""
    return httpx.AsyncClient(
        base_url=str(settings.parcoursup_adresse),
        timeout=httpx.Timeout(settings.parcoursup_delai_s, connect=5.0),
        follow_redirects=False,
    )
