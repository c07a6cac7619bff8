"""The figures as they are printed."""

import statistics
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from benchmarks.figure import Figure
from benchmarks.floor import Floor
from benchmarks.search import SearchFigures
from benchmarks.single import Single
from benchmarks.walk import Run

_console = Console(width=110)


def flow(cold: Run, pairs: Sequence[tuple[Run, Floor]]) -> None:
    """Print the runs, their parts and the floor of each warm one."""
    warm = [run for run, _ in pairs]
    shown = Table(
        "run", "lines", "received s", "all stages s", "CPU s", "peak MiB", title="deposit"
    )
    for name, run in (("cold", cold), *((f"warm {rank}", run) for rank, run in enumerate(warm, 1))):
        shown.add_row(
            name,
            str(run.depot.lignes.recues),
            f"{run.received:.1f}",
            f"{run.wall:.1f}",
            f"{sum(run.cpu.values()):.1f}",
            str(sum(run.memory.values())),
        )
    _console.print(shown)
    parts = Table("process", "CPU s cold", "CPU s warm (last)", "peak MiB", title="where it goes")
    for name in warm[-1].cpu:
        parts.add_row(
            name,
            f"{cold.cpu.get(name, 0):.1f}",
            f"{warm[-1].cpu[name]:.1f}",
            str(warm[-1].memory.get(name, 0)),
        )
    _console.print(parts)
    listed = Table("MongoDB s", "Elasticsearch s", "Kafka s", "floor s", title="floor")
    for _, one in pairs:
        listed.add_row(
            f"{one.mongo:.2f}", f"{one.elastic:.2f}", f"{one.kafka:.2f}", f"{one.wall:.2f}"
        )
    _console.print(listed)


def ratios(cold: Run, pairs: Sequence[tuple[Run, Floor]]) -> None:
    """Print each warm run divided by its floor, and the cold one by the median of the floors."""
    each = [run.wall / under.wall for run, under in pairs]
    floor_s = statistics.median(under.wall for _, under in pairs)
    _console.print(
        f"ratio to the floor: warm {' '.join(f'{one:.2f}' for one in each)}, "
        f"median {statistics.median(each):.2f}; cold {cold.wall / floor_s:.2f}"
    )


def single(figures: Single) -> None:
    """Print how long one offer takes on an idle installation."""
    shown = Table("one offer, idle", "p50 ms", "p95 ms")
    for name, latency in (("accepted", figures.accepted), ("searchable", figures.searchable)):
        shown.add_row(name, f"{latency.p50 * 1000:.0f}", f"{latency.p95 * 1000:.0f}")
    _console.print(shown)


def publication(figures: Sequence[Figure]) -> None:
    """Print what publication takes, each figure beside its floor and its goal."""
    timed = ("p50 s", "p95 s", "goal s", "floor p50", "p95", "ratio")
    shown = Table("publication", *timed, "floor is", "done")
    for one in figures:
        floor = one.floor
        shown.add_row(
            one.name,
            *map(_seconds, (one.took.p50, one.took.p95, one.goal)),
            *map(_seconds, (floor.p50, floor.p95) if floor else (None, None)),
            f"{one.took.p50 / floor.p50:.2f}" if floor else "",
            one.what,
            one.note,
        )
    Console(width=150).print(shown)


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}" if value < 1 else f"{value:.2f}"


def search(figures: SearchFigures) -> None:
    """Print search through the API beside the same query straight to Elasticsearch."""
    shown = Table(
        "search, clients", "API p50 ms", "p95", "direct p50 ms", "p95", "ratio p50", "p95"
    )
    for clients, api in figures.api.items():
        direct = figures.direct[clients]
        shown.add_row(
            str(clients),
            *(f"{value * 1000:.1f}" for value in (api.p50, api.p95, direct.p50, direct.p95)),
            f"{api.p50 / direct.p50:.2f}",
            f"{api.p95 / direct.p95:.2f}",
        )
    _console.print(shown)
