"""One figure: seconds at the median (and the 95th percentile), its floor of the same run."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds at the median and at the 95th percentile."""

    p50: float
    p95: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> "Latency":
        """Return the percentiles of at least two measurements, or the only one twice."""
        if len(seconds) == 1:
            return cls(seconds[0], seconds[0])
        return cls(statistics.median(seconds), statistics.quantiles(seconds, n=20)[-1])


@dataclass(frozen=True, slots=True)
class Figure:
    """What took how long; `floor` is what the servers alone take for the same, `what` says which.

    `goal` is the issue's, in seconds; `note` says how much was done.
    """

    name: str
    took: Latency
    floor: Latency | None = None
    what: str = ""
    goal: float | None = None
    note: str = ""
