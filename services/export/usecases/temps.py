"""The present instant as MongoDB keeps it."""

from datetime import datetime

from services.kernel.clock import Clock


def maintenant(horloge: Clock) -> datetime:
    """Return now to the millisecond: what is stored and what is told of it are the same text."""
    instant = horloge.now()
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
