"""The Elasticsearch client, and names of what search has there."""

import logging
from dataclasses import dataclass
from typing import Any, Final

from elastic_transport import OrjsonSerializer
from elasticsearch import AsyncElasticsearch

from services.kernel import naming
from services.search.settings import SearchSettings

NDJSON: Final = {
    "content-type": "application/vnd.elasticsearch+x-ndjson; compatible-with=9",
    "accept": "application/vnd.elasticsearch+json; compatible-with=9",
}
JSON: Final = {
    "content-type": "application/vnd.elasticsearch+json; compatible-with=9",
    "accept": "application/vnd.elasticsearch+json; compatible-with=9",
}


@dataclass(frozen=True, slots=True)
class Noms:
    """The names on the server, under the namespace of this installation."""

    lecture: str
    ecriture: str
    modele: str
    verrous: str

    def version(self, numero: int) -> str:
        """Return the name of the n-th index."""
        return f"{self.lecture}-v{numero:06d}"

    def numero(self, index: str) -> int:
        """Return which index a name names."""
        return int(index.removeprefix(f"{self.lecture}-v"))


def noms(settings: SearchSettings) -> Noms:
    """Return the names for these settings."""
    lecture = naming.index(settings, "formations")
    return Noms(lecture, f"{lecture}-ecriture", lecture, naming.index(settings, "verrous"))


class _Prebuilt(OrjsonSerializer):
    """Answers are read by orjson; bodies come prebuilt and pass as they are."""

    def dumps(self, data: Any) -> Any:  # noqa: ANN401 - what the client sends on untouched
        return data


def connecter(settings: SearchSettings) -> AsyncElasticsearch:
    """Return a client that never retries by itself; the caller closes it."""
    # Where any handler listens, it decodes every body for a debug line that nobody reads.
    logging.getLogger("elastic_transport.node").propagate = False
    serializer = _Prebuilt()
    return AsyncElasticsearch(
        settings.elastic,
        request_timeout=settings.index_delai_s,
        max_retries=0,
        retry_on_timeout=False,
        serializers={
            "application/json": serializer,
            "application/vnd.elasticsearch+json": serializer,
            "application/vnd.elasticsearch+x-ndjson": serializer,
        },
    )


async def demander(
    client: AsyncElasticsearch,
    methode: str,
    chemin: str,
    corps: bytes | None = None,
    /,
    **parametres: str,
) -> dict[str, Any]:
    """Send one request with its body as it is, and return the decoded answer.

    Raises what the client raises; `transient.is_transient` tells which faults pass by themselves.
    """
    reponse = await client.perform_request(
        methode,
        chemin,
        params=parametres or None,
        headers=NDJSON if chemin.endswith("_bulk") else JSON,
        body=corps,
    )
    return reponse.body  # type: ignore[no-any-return]
