"""An address service over HTTP that answers as the national address base (BAN) does.

`GET {base}/search/?q=…&citycode=…&limit=1` gives a GeoJSON collection; too many requests are
answered 429, with the seconds to wait.
"""

from collections.abc import Mapping
from typing import Any, Final

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

from services.enrich.domain.enrichissement.geocodage import Adresse, Panne, Reponse

_REFUSEE: Final = frozenset((400, 404, 413, 414, 422))
_LONGUEUR_MAX: Final = 200
_OCTETS_MAX: Final = 64 * 1024


class _Proprietes(BaseModel):
    model_config = ConfigDict(extra="ignore")

    citycode: str | None = None
    postcode: str | None = None
    city: str | None = None
    label: str | None = None
    score: float | None = None


class _Geometrie(BaseModel):
    model_config = ConfigDict(extra="ignore")

    coordinates: tuple[float, float]


class _Trouvee(BaseModel):
    model_config = ConfigDict(extra="ignore")

    geometry: _Geometrie
    properties: _Proprietes


class _Collection(BaseModel):
    model_config = ConfigDict(extra="ignore")

    features: list[_Trouvee]


class GeocodeurHttp:
    """`ports_geocodage.Geocodeur` over HTTP."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        """Ask through `client`, whose base address and time-outs are set."""
        self._client = client

    async def chercher(self, adresse: Adresse) -> Reponse | None:
        """Return the best answer; an address that the service cannot read has none."""
        question = {"q": adresse.adresse[:_LONGUEUR_MAX], "limit": "1", "autocomplete": "0"}
        if adresse.code_commune_insee:
            question["citycode"] = adresse.code_commune_insee
        elif adresse.code_postal:
            question["postcode"] = adresse.code_postal
        try:
            reponse = await self._client.get("/search/", params=question)
        except httpx.HTTPError as erreur:
            raise Panne(repr(erreur)) from erreur
        if reponse.status_code in _REFUSEE:
            return None
        if reponse.status_code != httpx.codes.OK:
            raise Panne(f"réponse {reponse.status_code}", _attente(reponse.headers))
        return _lire(reponse.content[:_OCTETS_MAX])


def client(base: str, delai_s: float, agent: str) -> httpx.AsyncClient:
    """Return an HTTP client of the service: bounded time, one connection, no redirect followed."""
    return httpx.AsyncClient(
        base_url=base,
        timeout=httpx.Timeout(delai_s),
        limits=httpx.Limits(max_connections=1),
        follow_redirects=False,
        headers={"User-Agent": agent, "Accept": "application/json"},
    )


def _attente(entetes: Mapping[str, str]) -> float | None:
    """Return the seconds of `Retry-After`; a date there is left to our own patience."""
    texte = entetes.get("retry-after", "")
    return float(texte) if texte.isascii() and texte.isdigit() else None


def _lire(corps: bytes) -> Reponse | None:
    try:
        trouvees = _Collection.model_validate_json(corps).features
    except ValidationError as erreur:
        raise Panne("réponse illisible") from erreur
    return _reponse(trouvees[0]) if trouvees else None


def _reponse(trouvee: _Trouvee) -> Reponse:
    longitude, latitude = trouvee.geometry.coordinates
    dit: dict[str, Any] = trouvee.properties.model_dump()
    return Reponse(
        code_commune_insee=dit["citycode"],
        code_postal=dit["postcode"],
        localite=dit["city"],
        position=(round(latitude, 6), round(longitude, 6)),
        score=dit["score"],
        libelle=dit["label"],
    )
