"""`python -m benchmarks.publication`: what publication must show, in one run and one table.

Judging the whole catalogue again (full, quiet, one rule), previews and the tree, by the very code
of the consumer and of the API; then, on a whole installation that holds the same offers, decisions
until Affelnet's file has them and partners are told. Each beside what the servers alone take for
it in the same run. CATALOGUE_REFDATA names the folder of the real offers, tables and rules.
"""

import asyncio
import os
import shutil
from pathlib import Path
from typing import Final

from benchmarks import decision, decision_floor, recalcul, table, walk
from benchmarks.figure import Figure
from benchmarks.installation import Measured
from deploy.local import Ports, Stack, StackConfig
from deploy.local.ports import free_port

FOLDER: Final = Path(".local/bench-publication")


def main() -> None:
    """Run everything on servers of its own and print the table."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    ports = Ports(*(free_port() for _ in range(4)))
    with Stack(StackConfig(folder=FOLDER, ports=ports)) as stack:
        table.publication(measure(stack, FOLDER))


def measure(stack: Stack, folder: Path) -> list[Figure]:
    """Return all figures; those of the rules are had on the real offers alone."""
    source = os.environ.get("CATALOGUE_REFDATA")
    figures = recalcul.measure(stack.addresses.mongo, Path(source)) if source else []
    with Measured(stack, "decision", folder) as installation:
        print(f"deposited: {walk.deposit(installation).wall:.1f} s", flush=True)
        return figures + _decisions(installation)


def _decisions(installation: Measured) -> list[Figure]:
    decided = decision.measure(installation)
    floor = asyncio.run(decision_floor.measure(installation.kernel, decision.REPEATS))
    return [
        Figure("decision answered", decided.answered, floor.written, "its writes"),
        Figure("decision in Affelnet's file", decided.in_file, floor.written, "its writes"),
        Figure("decision told to partners", decided.told, floor.told, "its writes and one event"),
    ]


if __name__ == "__main__":
    main()
