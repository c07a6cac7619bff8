"""`make bench`: deposit to all stored, indexed and evaluated, beside the floor of the same run.

Cold is the first deposit after the servers' start, warm the following ones; both are divided by the
floor measured on warm servers. Then search, and what publication must show. Everything runs on this
machine and on servers of its own.
"""

import asyncio
import shutil
import statistics
from pathlib import Path
from typing import Final

from benchmarks import floor, publication, single, table, walk
from benchmarks.installation import Measured
from benchmarks.search import measure_search
from deploy.local import Ports, Stack, StackConfig
from deploy.local.ports import free_port

WARM_RUNS: Final = 3
FLOOR_RUNS: Final = 3
FOLDER: Final = Path(".local/bench")


def main() -> None:
    """Run everything and print the tables."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    ports = Ports(*(free_port() for _ in range(4)))
    with Stack(StackConfig(folder=FOLDER, ports=ports)) as stack:
        cold, _ = _flow(stack, "froid")
        floors, warm = [], []
        for rank in range(WARM_RUNS):
            last = rank == WARM_RUNS - 1
            run, floors_now = _flow(stack, f"chaud{rank}", floors_wanted=FLOOR_RUNS if last else 0)
            warm.append(run)
            floors += floors_now
        table.flow(cold, warm, floors)
        table.ratios(cold, warm, statistics.median(total.wall for total in floors))
        table.publication(publication.measure(stack, FOLDER))


def _flow(
    stack: Stack, espace: str, *, floors_wanted: int = 0
) -> tuple[walk.Run, list[floor.Floor]]:
    with Measured(stack, espace, FOLDER) as installation:
        run = walk.deposit(installation)
        print(f"{espace}: {run.wall:.1f} s, {sum(run.cpu.values()):.1f} CPU-s", flush=True)
        floors: list[floor.Floor] = []
        if floors_wanted:
            corpus = asyncio.run(floor.read_corpus(installation))
            floors = [
                asyncio.run(floor.measure(installation, corpus, rank))
                for rank in range(floors_wanted)
            ]
            print(*(f"floor: {one.wall:.1f} s" for one in floors), sep="\n", flush=True)
            table.single(single.measure(installation))
            table.search(asyncio.run(measure_search(installation)))
        return run, floors


if __name__ == "__main__":
    main()
