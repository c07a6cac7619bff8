"""A lease in Elasticsearch: search has no other store, and a rebuild must be alone.

One document, taken with `create` or over an expired one with `if_seq_no`; prolonged by a task of
its own while the work goes on. A holder that was killed is followed after `duree_s`.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import orjson
from elasticsearch import AsyncElasticsearch, BadRequestError, ConflictError, NotFoundError

from services.kernel.clock import Clock
from services.kernel.problem import Conflict
from services.search.adapters.elastic import demander

_DEFINITION = {
    "settings": {"index": {"number_of_shards": 1, "number_of_replicas": 0, "hidden": True}},
    "mappings": {
        "dynamic": "strict",
        "properties": {"titulaire": {"type": "keyword"}, "expire_le": {"type": "date"}},
    },
}


class Verrou:
    """The lease of one name."""

    def __init__(
        self,
        client: AsyncElasticsearch,
        *,
        index: str,
        nom: str,
        titulaire: str,
        duree_s: float,
        clock: Clock,
    ) -> None:
        """Hold the lease for `duree_s` at a time, as `titulaire`."""
        self._client = client
        self._chemin = f"/{index}/_doc/{nom}"
        self._index = index
        self._titulaire = titulaire
        self._duree_s = duree_s
        self._clock = clock

    @asynccontextmanager
    async def tenir(self) -> AsyncIterator[None]:
        """Hold the lease for the block; raises `Conflict` when another holds it.

        A block that outlives its lease (it was frozen) is cancelled.
        """
        await self._index_cree()
        version = await self._prendre()
        travail = asyncio.current_task()
        prolongation = asyncio.create_task(self._prolonger(version, travail))
        try:
            yield
        finally:
            prolongation.cancel()
            with suppress(asyncio.CancelledError):
                await prolongation
            await self._rendre()

    async def _prendre(self) -> dict[str, str]:
        try:
            return await self._ecrire({"op_type": "create"})
        except ConflictError:
            tenu = await demander(self._client, "GET", self._chemin)
        if tenu["_source"]["expire_le"] > self._clock.now().isoformat():
            raise Conflict(
                "Une reconstruction de l'index est déjà en cours.",
                code="reconstruction_en_cours",
                extra={"titulaire": tenu["_source"]["titulaire"]},
            )
        try:
            return await self._ecrire(_condition(tenu))
        except ConflictError as perdu:
            raise Conflict(
                "Une reconstruction de l'index vient de commencer.", code="reconstruction_en_cours"
            ) from perdu

    async def _prolonger(self, version: dict[str, str], travail: asyncio.Task[Any] | None) -> None:
        while True:
            await asyncio.sleep(self._duree_s / 3)
            try:
                version = await self._ecrire(version)
            except ConflictError:
                if travail is not None:
                    travail.cancel("le bail a été repris")
                return

    async def _ecrire(self, condition: dict[str, str]) -> dict[str, str]:
        expire = self._clock.now() + timedelta(seconds=self._duree_s)
        corps = {"titulaire": self._titulaire, "expire_le": expire.isoformat()}
        donnees = orjson.dumps(corps)
        ecrit = await demander(self._client, "PUT", self._chemin, donnees, **condition)
        return _condition(ecrit)

    async def _rendre(self) -> None:
        with suppress(NotFoundError):
            tenu = await demander(self._client, "GET", self._chemin)
            if tenu["_source"]["titulaire"] == self._titulaire:
                with suppress(ConflictError):
                    condition = _condition(tenu)
                    await demander(self._client, "DELETE", self._chemin, None, **condition)

    async def _index_cree(self) -> None:
        try:
            await demander(self._client, "PUT", f"/{self._index}", orjson.dumps(_DEFINITION))
        except BadRequestError as refus:
            if "resource_already_exists_exception" not in str(refus.body):
                raise


def _condition(ecrit: dict[str, Any]) -> dict[str, str]:
    return {"if_seq_no": str(ecrit["_seq_no"]), "if_primary_term": str(ecrit["_primary_term"])}
