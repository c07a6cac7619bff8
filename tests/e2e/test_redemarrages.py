"""Orderly restarts under load: nobody is answered a server error, and nothing is missing after."""

import asyncio
from collections import Counter
from contextlib import suppress

import httpx
import pytest

from services.cli.run.installation import Installation
from tests.support.exemple import nouvelles
from tests.support.flux import Flux, lire
from tests.support.polling import eventually

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

OFFRES = 60
CLIENTS = 3


@pytest.mark.parametrize("processus", ["collect-api", "enrich-consumer"])
async def test_a_process_stopped_in_order_and_started_again_costs_no_request(
    flux: Flux, installation: Installation, processus: str
) -> None:
    attendues = nouvelles(OFFRES)
    a_deposer = iter(attendues)
    depots: list[str] = []
    statuts: Counter[int] = Counter()

    async def deposer() -> None:
        for offre in a_deposer:
            reponse = await _insister(flux.collect, offre)
            statuts[reponse.status_code] += 1
            depots.append(reponse.json()["depot"])

    charge = [asyncio.create_task(deposer()) for _ in range(CLIENTS)]
    await eventually(lambda: len(depots) > OFFRES // 4, deadline=30)
    await asyncio.to_thread(installation.fleet.stop, processus)
    await asyncio.to_thread(installation.fleet.start, processus)
    await asyncio.to_thread(installation.fleet.wait_ready, processus)
    await asyncio.gather(*charge)

    assert statuts == {202: OFFRES}
    for depot in depots:
        await flux.fini(depot)
    for offre in attendues:
        reference = str(offre["cle_ministere_educatif"]).replace("#", "%23")
        assert (await lire(flux.collect, f"/v1/offres/{reference}"))["etat"] == "active"


async def _insister(api: httpx.AsyncClient, offre: dict[str, object]) -> httpx.Response:
    """Ask again, under the same Idempotency-Key, while nobody listens."""
    entetes = {"Idempotency-Key": str(offre["reference"])}

    async def repondue() -> list[httpx.Response]:
        with suppress(httpx.TransportError):
            return [await api.post("/v1/offres", json=offre, headers=entetes)]
        return []

    (reponse,) = await eventually(repondue, deadline=60, every=0.1)
    return reponse
