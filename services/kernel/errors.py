"""Errors that name what is to be done; only the consumer's loop decides about any other.

Retry            nothing is committed, the same work is offered again after a pause
├── RaceLost     raised inside a transaction: run it again at once, from a new snapshot
└── Contention   the transaction kept failing on conflict, size or time: try a smaller one
Park             this record can never be applied: set it aside and go on
"""


class Retry(Exception):
    """A transient fault: the work was not done, or not surely, and must be offered again.

    `after` is the least time to wait, in seconds, when the failing side told it.
    """

    def __init__(self, reason: str, *, after: float | None = None) -> None:
        """Say for the log what was not available."""
        super().__init__(reason)
        self.after = after


class RaceLost(Retry):
    """Another transaction committed first (a duplicate key); seen again, it will be visible."""

    def __init__(self, reason: str = "une transaction concurrente a validé la première") -> None:
        """Say for the log which race was lost."""
        super().__init__(reason)


class Contention(Retry):
    """A transaction that does not get through at this size: conflicts, its size, its duration."""


class Park(Exception):
    """A record that no retry can apply.

    `code` is stable and short (`json_illisible`); `reason` is a French sentence for the operator.
    """

    def __init__(self, code: str, reason: str) -> None:
        """Say why, for the parked record's headers."""
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason
