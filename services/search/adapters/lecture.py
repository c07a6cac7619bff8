"""The index as it is read: searches, one document, digests of all."""

from collections.abc import AsyncIterator, Mapping
from typing import Any, Final
from urllib.parse import quote

import orjson
from elasticsearch import AsyncElasticsearch, NotFoundError

from services.kernel.problem import Unavailable
from services.search.adapters.elastic import demander
from services.search.ports import Empreintes

_PAGE: Final = 5_000
_CHAMPS: Final = (
    "etat",
    "formation_sequence",
    "formation_empreinte",
    "publications_sequence",
    "publications_empreinte",
)


class MoteurElastic:
    """`ports.Moteur` on the read alias."""

    def __init__(self, client: AsyncElasticsearch, alias: str) -> None:
        """Read what is behind this alias."""
        self._client = client
        self._alias = alias

    async def chercher(self, corps: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the answer to a search body; raises `Unavailable` while there is no index."""
        return await self._sans_index_indisponible(f"/{self._alias}/_search", orjson.dumps(corps))

    async def document(self, identifiant: str) -> Mapping[str, Any] | None:
        """Return the stored document of an id, as last written."""
        try:
            reponse = await demander(
                self._client, "GET", f"/{self._alias}/_doc/{quote(identifiant, safe='')}"
            )
        except NotFoundError as absent:
            if isinstance(absent.body, dict) and absent.body.get("found") is False:
                return None
            raise _pas_d_index() from absent
        source: Mapping[str, Any] = reponse["_source"]
        return source

    async def empreintes(self, cible: str | None = None) -> AsyncIterator[list[Empreintes]]:
        """Yield what each document holds, ordered by id; the index is refreshed first."""
        index = cible or self._alias
        await demander(self._client, "POST", f"/{index}/_refresh")
        corps: dict[str, Any] = {
            "size": _PAGE,
            "sort": [{"id": "asc"}],
            "_source": False,
            "docvalue_fields": list(_CHAMPS),
            "track_total_hits": False,
        }
        while True:
            reponse = await demander(self._client, "POST", f"/{index}/_search", orjson.dumps(corps))
            hits = reponse["hits"]["hits"]
            if hits:
                yield [_empreintes(hit) for hit in hits]
            if len(hits) < _PAGE:
                return
            corps["search_after"] = hits[-1]["sort"]

    async def _sans_index_indisponible(self, chemin: str, corps: bytes) -> Mapping[str, Any]:
        try:
            return await demander(self._client, "POST", chemin, corps)
        except NotFoundError as absent:
            raise _pas_d_index() from absent


def _pas_d_index() -> Unavailable:
    return Unavailable("L'index de recherche n'est pas encore créé.", retry_after=10)


def _empreintes(hit: Mapping[str, Any]) -> Empreintes:
    champs = hit.get("fields", {})
    return Empreintes(hit["_id"], *(champs.get(nom, [None])[0] for nom in _CHAMPS))
