"""A proxy before Elasticsearch that answers some bulk items by itself, as a saturated node does."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from random import Random
from typing import Any

import aiohttp
import orjson
from aiohttp import web

_SATURE = {"type": "es_rejected_execution_exception", "reason": "rejected execution"}
_ABSENT = {"type": "unavailable_shards_exception", "reason": "primary shard is not active"}
_MAUVAIS = {"type": "document_parsing_exception", "reason": "failed to parse field"}


class BulkFautif:
    """Forwards everything; of bulk items 5 % answer 429, 1 % 503, and those of `poison` 400.

    The first bulk request is answered 429 as a whole.
    """

    def __init__(self, vers: str, poison: Collection[str], graine: int = 7) -> None:
        """Stand before the server at `vers`."""
        self._vers = vers
        self._poison = frozenset(poison)
        self._hasard = Random(graine)
        self.reponses = {429: 0, 503: 0, 400: 0}
        self.bulks = 0

    async def __call__(self, request: web.BaseRequest) -> web.Response:
        """Answer one request."""
        corps = await request.read()
        if not request.path.endswith("/_bulk"):
            return await self._transmettre(request, corps)
        self.bulks += 1
        if self.bulks == 1:
            return web.json_response({"error": _SATURE, "status": 429}, status=429)
        lignes = corps.splitlines()
        items = list(zip(lignes[::2], lignes[1::2], strict=True))
        fautes = {n: f for n, item in enumerate(items) if (f := self._faute(item[0]))}
        bons = b"".join(a + b"\n" + d + b"\n" for n, (a, d) in enumerate(items) if n not in fautes)
        recus: list[dict[str, Any]] = []
        if bons:
            recus = orjson.loads((await self._corps(request, bons))[0])["items"]
        suite = iter(recus)
        tous = [fautes.get(n) or next(suite) for n in range(len(items))]
        erreurs = any("error" in item for une in tous for item in une.values())
        return self._json({"errors": erreurs, "items": tous})

    def _faute(self, action: bytes) -> dict[str, Any] | None:
        ((operation, cible),) = orjson.loads(action).items()
        tire = self._hasard.random()
        if cible["_id"] in self._poison:
            statut, erreur = 400, _MAUVAIS
        elif tire < 0.05:
            statut, erreur = 429, _SATURE
        elif tire < 0.06:
            statut, erreur = 503, _ABSENT
        else:
            return None
        self.reponses[statut] += 1
        return {operation: {"_id": cible["_id"], "status": statut, "error": erreur}}

    async def _transmettre(self, request: web.BaseRequest, corps: bytes) -> web.Response:
        recu, statut, nature = await self._corps(request, corps)
        entetes = {"X-Elastic-Product": "Elasticsearch", "Content-Type": nature}
        return web.Response(body=recu, status=statut, headers=entetes)

    async def _corps(self, request: web.BaseRequest, corps: bytes) -> tuple[bytes, int, str]:
        gardes = {
            nom: valeur
            for nom, valeur in request.headers.items()
            if nom.lower() in {"content-type", "accept"}
        }
        async with (
            aiohttp.ClientSession() as session,
            session.request(
                request.method, f"{self._vers}{request.path_qs}", data=corps, headers=gardes
            ) as reponse,
        ):
            return await reponse.read(), reponse.status, reponse.headers["Content-Type"]

    def _json(self, corps: dict[str, Any]) -> web.Response:
        return web.Response(
            body=orjson.dumps(corps),
            headers={
                "X-Elastic-Product": "Elasticsearch",
                "Content-Type": "application/vnd.elasticsearch+json;compatible-with=9",
            },
        )


@asynccontextmanager
async def devant(fautif: BulkFautif) -> AsyncIterator[str]:
    """Serve the proxy on a free port; give its address."""
    coureur = web.ServerRunner(web.Server(fautif))
    await coureur.setup()
    site = web.TCPSite(coureur, "127.0.0.1", 0)
    await site.start()
    port = coureur.addresses[0][1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        await coureur.cleanup()
