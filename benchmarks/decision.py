"""A decision on an idle installation: until it is in Affelnet's file, and told to partners."""

import threading
import time
from dataclasses import dataclass, field
from typing import Final

import httpx

from benchmarks.figure import Latency
from benchmarks.installation import Measured
from contracts.portees import Role
from contracts.statuts import Statut

REPEATS: Final = 60
_POLL_S: Final = 0.02
_PATIENCE_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Decided:
    """From the request until its answer, the file that holds it, the change that tells it."""

    answered: Latency
    in_file: Latency
    told: Latency


@dataclass(slots=True)
class _Follower:
    """A partner that follows the changes, and notes when each publication came."""

    client: httpx.Client
    came: dict[str, float] = field(default_factory=dict)
    stopped: bool = False

    def cursor(self) -> str:
        page = self.client.get("/v1/changements", params={"limite": 1_000}).json()
        while not page["a_jour"]:
            suite = {"limite": 1_000, "depuis": page["curseur"]}
            page = self.client.get("/v1/changements", params=suite).json()
        return str(page["curseur"])

    def follow(self, cursor: str) -> None:
        while not self.stopped:
            page = self.client.get("/v1/changements", params={"depuis": cursor, "attente": 1})
            now = time.perf_counter()
            for change in page.raise_for_status().json()["changements"]:
                if change["type"] == "publication":
                    self.came.setdefault(change["id"], now)
            cursor = page.json()["curseur"]


def measure(installation: Measured) -> Decided:
    """Ask for the publication of offers of the real catalogue one by one, on Affelnet.

    Raises:
        TimeoutError: a decision was not found in the file, or never told.
    """
    answered, in_file, started = [], [], {}
    with (
        installation.client("export-api", Role.ADMINISTRATEUR) as export,
        installation.client("export-api", Role.PARTENAIRE) as partner,
    ):
        follower = _Follower(partner)
        thread = threading.Thread(target=follower.follow, args=(follower.cursor(),))
        thread.start()
        try:
            for offer in _to_decide(export):
                start = started[offer["id"]] = time.perf_counter()
                export.post(
                    f"/v1/offres/{offer['id']}/affelnet/publication",
                    headers={"If-Match": f'"{offer["version"]}"'},
                ).raise_for_status()
                answered.append(time.perf_counter() - start)
                _wait_for_the_file(export, offer, start)
                in_file.append(time.perf_counter() - start)
            told = [_arrival(follower, one) - start for one, start in started.items()]
        finally:
            follower.stopped = True
            thread.join()
    return Decided(Latency.of(answered), Latency.of(in_file), Latency.of(told))


def _to_decide(export: httpx.Client) -> list[dict[str, str]]:
    """Return offers that the rules admit and that have the UAI which a request needs."""
    page = export.get(
        "/v1/offres",
        params={"plateforme": "affelnet", "statut": Statut.A_PUBLIER.value, "limite": 500},
    ).raise_for_status()
    offers = [one for one in page.json()["offres"] if len(one["uai_formation"] or "") == 8]
    return offers[:REPEATS]


def _wait_for_the_file(export: httpx.Client, offer: dict[str, str], start: float) -> None:
    address = f"/v1/flux/affelnet/{offer['num_academie']}.json"
    while offer["id"] not in export.get(address).raise_for_status().text:
        if time.perf_counter() - start > _PATIENCE_S:
            raise TimeoutError(f"{offer['id']} n'est pas dans {address}")
        time.sleep(_POLL_S)


def _arrival(follower: _Follower, offer: str) -> float:
    limit = time.perf_counter() + _PATIENCE_S
    while offer not in follower.came:
        if time.perf_counter() > limit:
            raise TimeoutError(f"{offer} n'est pas dite aux partenaires")
        time.sleep(_POLL_S)
    return follower.came[offer]
