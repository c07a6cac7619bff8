"""What every adapter of cases uses."""

from datetime import date


class NonPrisEnCharge(Exception):
    """The shape of a case, or the thing that it is about, is not answered; the message says it."""


def jour(instant: str) -> date:
    """Return the civil date of a text that begins with one."""
    return date.fromisoformat(instant[:10])
