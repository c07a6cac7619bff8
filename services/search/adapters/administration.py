"""Indexes as things to make, swap, slow down and remove."""

from collections.abc import Sequence
from typing import Any

import orjson
from elasticsearch import AsyncElasticsearch, BadRequestError, NotFoundError

from services.search.adapters.elastic import Noms, demander
from services.search.index.mapping import VERSION, definition
from services.search.settings import SearchSettings

_EXISTE = "resource_already_exists_exception"


class Administration:
    """Template, indexes and aliases of one installation."""

    def __init__(self, client: AsyncElasticsearch, noms: Noms, settings: SearchSettings) -> None:
        """Use this client; the settings give shards and intervals."""
        self._client = client
        self.noms = noms
        self._settings = settings

    async def creer(self) -> str | None:
        """Make template and first index behind both aliases; return its name.

        None when there is one already: safe to run again, and by several at once.
        """
        await self.poser_le_modele()
        if await self.lus():
            return None
        index = self.noms.version(1)
        alias: dict[str, Any] = {self.noms.lecture: {}, self.noms.ecriture: {}}
        return index if await self._creer(index, {"aliases": alias}) else None

    async def poser_le_modele(self) -> None:
        """Put the composable template that every version of the index is made from."""
        corps = {
            "index_patterns": [f"{self.noms.lecture}-v*"],
            "priority": 200,
            "template": definition(
                fragments=self._settings.index_fragments,
                repliques=self._settings.index_repliques,
            ),
        }
        chemin = f"/_index_template/{self.noms.modele}"
        await demander(self._client, "PUT", chemin, orjson.dumps(corps))

    async def creer_la_suivante(self) -> str:
        """Make the next version, which receives writes at once and is not read yet."""
        await self.poser_le_modele()
        connues = await self.versions()
        index = self.noms.version(max(map(self.noms.numero, connues), default=0) + 1)
        rarement = {"index": {"refresh_interval": self._settings.index_rafraichissement_de_masse}}
        await self._creer(index, {"aliases": {self.noms.ecriture: {}}, "settings": rarement})
        return index

    async def lus(self) -> Sequence[str]:
        """Return the indexes behind the read alias: one, or none before the first."""
        return await self._derriere(self.noms.lecture)

    async def versions(self) -> Sequence[str]:
        """Return every version that exists, oldest first."""
        return sorted(await demander(self._client, "GET", f"/{self.noms.lecture}-v*"))

    async def definition_depassee(self) -> bool:
        """Tell whether the index that is read was made from another version of the definition."""
        (index,) = await self.lus()
        reponse = await demander(self._client, "GET", f"/{index}/_mapping")
        version: int = reponse[index]["mappings"].get("_meta", {}).get("version", 0)
        return version != VERSION

    async def permuter(self, nouvelle: str) -> None:
        """Make the new version the one that is read, and the only one, in one atomic step.

        It is refreshed just before: readers see at most some milliseconds of writes go and come.
        """
        await self.intervalle(nouvelle, self._settings.index_rafraichissement)
        await self.rafraichir(nouvelle)
        actions: list[dict[str, Any]] = [
            {"remove": {"index": ancienne, "alias": self.noms.lecture}}
            for ancienne in await self.lus()
            if ancienne != nouvelle
        ]
        actions.append({"add": {"index": nouvelle, "alias": self.noms.lecture}})
        await demander(self._client, "POST", "/_aliases", orjson.dumps({"actions": actions}))

    async def retirer(self, index: str) -> None:
        """Remove an index with what it holds; nothing happens when it is gone already."""
        try:
            await demander(self._client, "DELETE", f"/{index}")
        except NotFoundError:
            return

    async def rafraichir(self, index: str) -> None:
        """Make everything written so far visible to searches."""
        await demander(self._client, "POST", f"/{index}/_refresh")

    async def intervalle(self, index: str, duree: str) -> None:
        """Set how often writes become visible."""
        corps = {"index": {"refresh_interval": duree}}
        await demander(self._client, "PUT", f"/{index}/_settings", orjson.dumps(corps))

    async def _creer(self, index: str, corps: dict[str, Any]) -> bool:
        try:
            await demander(self._client, "PUT", f"/{index}", orjson.dumps(corps))
        except BadRequestError as refus:
            if _EXISTE in str(refus.body):
                return False
            raise
        return True

    async def _derriere(self, alias: str) -> Sequence[str]:
        try:
            return sorted(await demander(self._client, "GET", f"/_alias/{alias}"))
        except NotFoundError:
            return []
