"""Asking enrich, over HTTP, what its tables say of one offer."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import httpx
import orjson

from services.kernel.problem import Problem, Unavailable

_OCTETS_MAX: Final = 4 * 1024 * 1024
_REESSAYER_S: Final = 5


class Diagnostiqueur:
    """A client of `POST /v1/diagnostic` of enrich, under the caller's own key."""

    def __init__(self, client: httpx.AsyncClient, adresse: str) -> None:
        """Ask the API at this address."""
        self._client = client
        self._adresse = adresse.rstrip("/") + "/v1/diagnostic"

    async def demander(
        self,
        offre: Mapping[str, Any],
        constats: Sequence[Mapping[str, Any]],
        entetes: Mapping[str, str],
    ) -> dict[str, Any]:
        """Return the diagnostic of an offer.

        Raises `Unavailable` when enrich does not answer, and the problem that it tells otherwise.
        """
        corps = orjson.dumps({"offre": offre, "constats": constats})
        try:
            reponse = await self._client.post(
                self._adresse,
                content=corps,
                headers={**entetes, "Content-Type": "application/json"},
            )
        except httpx.HTTPError as erreur:
            raise _indisponible() from erreur
        if len(reponse.content) > _OCTETS_MAX or reponse.status_code >= 500:
            raise _indisponible()
        donnees: dict[str, Any] = orjson.loads(reponse.content)
        if reponse.status_code != httpx.codes.OK:
            raise _probleme(reponse.status_code, donnees)
        return donnees


def _indisponible() -> Unavailable:
    return Unavailable(
        "Les tables de référence ne répondent pas : réessayez dans un instant.",
        retry_after=_REESSAYER_S,
    )


def _probleme(statut: int, donnees: Mapping[str, Any]) -> Problem:
    probleme = Problem(
        str(donnees.get("detail", "")), code=donnees.get("code"), title=donnees.get("title")
    )
    probleme.status = statut
    return probleme
