"""`make bench`: deposit to all stored, indexed and evaluated, beside the floor of the same run.

Cold is the first deposit after the servers' start, warm the following ones. Each warm one is
divided by the floor measured right after it: other work on the machine then weighs on both. Then
search, and what publication must show. Everything runs on this machine and on servers of its own.
"""

import asyncio
import shutil
from pathlib import Path
from typing import Final

from benchmarks import floor, publication, single, table, walk
from benchmarks.installation import Measured
from benchmarks.search import measure_search
from deploy.local import Ports, Stack, StackConfig
from deploy.local.ports import free_port

WARM_RUNS: Final = 3
FOLDER: Final = Path(".local/bench")


def main() -> None:
    """Run everything and print the tables."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    ports = Ports(*(free_port() for _ in range(4)))
    with Stack(StackConfig(folder=FOLDER, ports=ports)) as stack:
        with Measured(stack, "froid", FOLDER) as installation:
            cold = _deposit(installation)
        pairs = [_with_floor(stack, rank) for rank in range(WARM_RUNS)]
        table.flow(cold, pairs)
        table.ratios(cold, pairs)
        table.publication(publication.measure(stack, FOLDER))


def _with_floor(stack: Stack, rank: int) -> tuple[walk.Run, floor.Floor]:
    """Measure a warm run and, in the minute that follows, its floor; with the last, the rest."""
    with Measured(stack, f"chaud{rank}", FOLDER) as installation:
        run = _deposit(installation)
        corpus = asyncio.run(floor.read_corpus(installation))
        under = asyncio.run(floor.measure(installation, corpus, rank))
        print(f"floor: {under.wall:.1f} s", flush=True)
        if rank == WARM_RUNS - 1:
            table.single(single.measure(installation))
            table.search(asyncio.run(measure_search(installation)))
        return run, under


def _deposit(installation: Measured) -> walk.Run:
    run = walk.deposit(installation)
    print(f"deposit: {run.wall:.1f} s, {sum(run.cpu.values()):.1f} CPU-s", flush=True)
    return run


if __name__ == "__main__":
    main()
