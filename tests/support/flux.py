"""The flow as its users drive it over HTTP: deposit, wait for the end, decide."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import httpx
import orjson

from contracts.portees import Role
from services.cli.run.installation import Installation
from tests.support.exemple import Offre
from tests.support.polling import eventually

NDJSON: Final = "application/x-ndjson"
Json = dict[str, Any]


@asynccontextmanager
async def client(
    installation: Installation, process: str, role: Role | None, *, key: str | None = None
) -> AsyncIterator[httpx.AsyncClient]:
    """Give a client of a process with the key of a role, another key, or none."""
    text = key if role is None else installation.keys[role]
    headers = {"X-Api-Key": text} if text else {}
    async with httpx.AsyncClient(
        base_url=installation.fleet.url(process), headers=headers, timeout=60
    ) as opened:
        yield opened


@dataclass(frozen=True, slots=True)
class Flux:
    """The four services, each with the key that its user holds."""

    collect: httpx.AsyncClient
    search: httpx.AsyncClient
    enrich: httpx.AsyncClient
    export: httpx.AsyncClient

    async def deposer(self, corps: bytes, type_: str = NDJSON, **params: str) -> Json:
        """Deposit a file and return the deposit once nothing more will happen to it."""
        reponse = await self.collect.post(
            "/v1/depots", content=corps, params=params, headers={"Content-Type": type_}
        )
        assert reponse.status_code == 202, reponse.text
        return await self.fini(reponse.json()["id"])

    async def fini(self, depot: str) -> Json:
        """Return a deposit once all its lines have gone through every stage."""

        async def alle_au_bout() -> Json | None:
            vu = await lire(self.collect, f"/v1/depots/{depot}")
            return vu if vu["fini"] else None

        vu: Json = await eventually(alle_au_bout, deadline=90)
        return vu

    async def deposer_une(self, offre: Offre) -> str:
        """Submit one offer; return its id once it was enriched, indexed and evaluated."""
        reponse = await self.collect.post("/v1/offres", json=offre)
        assert reponse.status_code == 202, reponse.text
        await self.fini(reponse.json()["depot"])
        return str(reponse.json()["offre"])

    async def publier(self, id_: str, plateforme: str) -> Json:
        """Ask for the publication of an offer, as an instructor."""
        lue = await self.export.get(f"/v1/offres/{id_}")
        reponse = await self.export.post(
            f"/v1/offres/{id_}/{plateforme}/publication", headers={"If-Match": lue.headers["etag"]}
        )
        assert reponse.status_code == 200, reponse.text
        return dict(reponse.json())

    async def retirer(self, id_: str, motif: str) -> None:
        """Withdraw an offer, as its depositor."""
        reponse = await self.collect.delete(f"/v1/offres/{id_}", params={"motif": motif})
        assert reponse.status_code == 200, reponse.text

    async def statuts_cherches(self, id_: str) -> tuple[str | None, str | None]:
        """Return the status of an offer on Parcoursup and Affelnet, as a search shows it."""
        publications = (await lire(self.search, f"/v1/formations/{id_}"))["publications"] or {}
        parcoursup, affelnet = (publications.get(nom) for nom in ("parcoursup", "affelnet"))
        return (parcoursup or {}).get("statut"), (affelnet or {}).get("statut")

    async def affelnet(self, academie: str) -> dict[str, Json]:
        """Return the offers of an académie's Affelnet file, by id."""
        fichier = await lire(self.export, f"/v1/flux/affelnet/{academie}.json")
        return {une["id"]: une for une in fichier["offres"]}


async def lire(api: httpx.AsyncClient, chemin: str, **params: str) -> Json:
    """Return the JSON of an address that answers 200."""
    reponse = await api.get(chemin, params=params)
    assert reponse.status_code == 200, f"{reponse.status_code} {reponse.text}"
    return dict(orjson.loads(reponse.content))
