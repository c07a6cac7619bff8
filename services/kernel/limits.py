"""Rate limits: a token bucket per caller, in the memory of one process.

Several processes of a service each grant the full rate: the limit protects a process, it does not
meter a subscription.
"""

import math
from collections import OrderedDict
from collections.abc import Callable
from time import monotonic

from services.kernel.problem import TooMany


class RateLimiter:
    """Grants `rate` requests per second and bursts of `burst` to each caller.

    Remembers at most `callers` of them: the one unseen for longest is forgotten first, which can
    only be in its favour.
    """

    def __init__(
        self, rate: float, burst: int, callers: int, now: Callable[[], float] = monotonic
    ) -> None:
        """Start with every bucket full."""
        self._rate = rate
        self._burst = float(burst)
        self._callers = callers
        self._now = now
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, caller: str) -> None:
        """Take one token of the caller's; raises `TooMany` telling when the next one is there."""
        now = self._now()
        tokens, since = self._buckets.pop(caller, (self._burst, now))
        tokens = min(self._burst, tokens + (now - since) * self._rate)
        granted = tokens >= 1.0
        self._buckets[caller] = (tokens - 1.0 if granted else tokens, now)
        if len(self._buckets) > self._callers:
            self._buckets.popitem(last=False)
        if not granted:
            wait = math.ceil((1.0 - tokens) / self._rate)
            raise TooMany(
                f"Le débit autorisé est de {_told(self._rate)} ; réessayez dans {wait} s.",
                retry_after=wait,
            )


def _told(rate: float) -> str:
    if rate >= 1:
        return f"{rate:g} requêtes par seconde"
    if rate * 60 >= 1:
        return f"{rate * 60:g} requêtes par minute"
    return f"{rate * 3600:g} requêtes par heure"
