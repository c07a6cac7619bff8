"""One whole deposit, from the first byte sent until every line is stored, indexed, evaluated."""

import time
from dataclasses import dataclass

from benchmarks.installation import Measured
from contracts.depot import VueDepot
from contracts.portees import Role
from services.cli.collecte import Collecte

_POLL_S = 0.25
_PATIENCE_S = 600.0


@dataclass(frozen=True, slots=True)
class Run:
    """What one deposit took. Times in seconds, memory in MiB."""

    wall: float
    received: float
    depot: VueDepot
    cpu: dict[str, float]
    memory: dict[str, int]


def deposit(installation: Measured) -> Run:
    """Deposit the offers and wait for the last stage.

    Raises:
        TimeoutError: the deposit did not get to its end.
    """
    before = installation.cpu()
    with installation.client("collect-api", Role.DEPOSANT) as client:
        collecte = Collecte(client)
        started = time.perf_counter()
        depot = collecte.deposer(installation.offers, lambda _: None)
        received = time.perf_counter() - started
        while not depot.termine:
            if time.perf_counter() - started > _PATIENCE_S:
                raise TimeoutError(f"{depot.id}: {depot.avancement}")
            time.sleep(_POLL_S)
            depot = collecte.depot(depot.id)
        wall = time.perf_counter() - started
    after = installation.cpu()
    cpu = {name: after[name] - before.get(name, 0.0) for name in after}
    return Run(wall, received, depot, cpu, installation.memory())
