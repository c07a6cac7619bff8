"""Depositors under faults: each request is recorded with its outcome; a cut one is unknown."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import uuid4

import httpx

from tests.support.exemple import Offre, en_lignes

_NDJSON: Final = {"Content-Type": "application/x-ndjson"}
_PAUSE_S: Final = 0.1
_SHIPMENT: Final = 100
_BUSY: Final = "idempotence_en_cours"  # a request that was killed still holds its key


@dataclass
class Depositor:
    """Deposits as a patient caller does, and knows what it was promised.

    `accepted` holds the offers of each request that was answered 202, by deposit. `unknown` counts
    the requests whose outcome the caller cannot know; `refused` those told to come again. Any other
    answer is a fault of the product, and fails the test.
    """

    collect: httpx.AsyncClient
    accepted: dict[str, list[Offre]] = field(default_factory=dict)
    unknown: int = 0
    refused: int = 0

    @property
    def keys(self) -> set[str]:
        """The clés of all offers that were promised."""
        return {
            offre["cle_ministere_educatif"] for held in self.accepted.values() for offre in held
        }

    async def one(self, offre: Offre) -> str | None:
        """Submit one offer; return its deposit, None when its outcome is unknown."""
        return await self._send("/v1/offres", [offre], "depot", json=offre)

    async def some(self, offres: Sequence[Offre]) -> str | None:
        """Deposit a file; return its deposit, None when its outcome is unknown."""
        body = en_lignes(offres)
        return await self._send("/v1/depots", offres, "id", content=body, headers=_NDJSON)

    async def surely(self, offres: Sequence[Offre]) -> str:
        """Deposit a file again and again until it is accepted; return its deposit."""
        while True:
            depot = await self.some(offres)
            if depot is not None:
                return depot
            await asyncio.sleep(_PAUSE_S)

    async def slowly(self, offres: Sequence[Offre], pause: float) -> str:
        """Deposit a file that takes its time to arrive, under one key until it is accepted."""
        headers = {**_NDJSON, "Idempotency-Key": str(uuid4())}
        while True:
            depot = await self._send(
                "/v1/depots", offres, "id", content=_trickle(offres, pause), headers=headers
            )
            if depot is not None:
                return depot
            await asyncio.sleep(_PAUSE_S)

    async def _send(
        self, path: str, offres: Sequence[Offre], name: str, **body: object
    ) -> str | None:
        try:
            answer = await self.collect.post(path, **body)  # type: ignore[arg-type]
        except httpx.TransportError:
            self.unknown += 1
            return None
        if answer.status_code == 503 or _BUSY in answer.text:
            self.refused += 1
            return None
        assert answer.status_code == 202, f"{answer.status_code} {answer.text[:500]}"
        depot = str(answer.json()[name])
        self.accepted[depot] = list(offres)
        return depot


async def _trickle(offres: Sequence[Offre], pause: float) -> AsyncIterator[bytes]:
    for start in range(0, len(offres), _SHIPMENT):
        yield en_lignes(offres[start : start + _SHIPMENT])
        await asyncio.sleep(pause)


def edited(offre: Offre, version: int) -> Offre:
    """Return an offer in another state: every version has its capacity, odd ones another campaign.

    The campaign decides what the platforms show of it.
    """
    starts = 2020 if version % 2 else 2021
    return {
        **offre,
        "capacite": str(version),
        "periode": [f"{starts}-09"],
        "date_debut": [f"{starts}-09-06"],
        "date_fin": [f"{starts + 1}-07-05"],
    }
