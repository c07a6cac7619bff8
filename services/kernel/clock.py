"""Time as a port: `jour_metier` for what the business judges, `Clock` for everything else."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol

from services.kernel.french import PARIS
from services.kernel.settings import KernelSettings


class Clock(Protocol):
    """Real time: event times, leases, tokens, retention. Never a business rule."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        return datetime.now(UTC)


@dataclass(slots=True)
class FixedClock:
    """A clock that stands still until its `instant` is changed."""

    instant: datetime

    def now(self) -> datetime:
        """Return `instant`, in UTC."""
        return self.instant.astimezone(UTC)


def now_as_stored(clock: Clock) -> datetime:
    """Return the present instant in the milliseconds that MongoDB keeps.

    What is stored and what is told of it, now or when it is sent again, are the same text.
    """
    instant = clock.now()
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def jour_metier(settings: KernelSettings, clock: Clock) -> date:
    """Return the business day: the setting, else the civil date in Europe/Paris.

    Does not depend on the machine's time zone.
    """
    return settings.jour_metier or clock.now().astimezone(PARIS).date()


JourMetier = Callable[[], date]
"""What a long-lived process holds instead of a date: the day changes while it runs."""
