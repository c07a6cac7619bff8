"""The token bucket."""

import pytest

from services.kernel.limits import RateLimiter
from services.kernel.problem import TooMany


class Time:
    """A clock set by hand."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_tokens_come_back_at_the_rate() -> None:
    now = Time()
    limiter = RateLimiter(rate=2.0, burst=2, callers=10, now=now)
    limiter.take("a")
    limiter.take("a")
    with pytest.raises(TooMany):
        limiter.take("a")

    now.seconds = 0.5
    limiter.take("a")
    with pytest.raises(TooMany) as refused:
        limiter.take("a")

    assert refused.value.headers["Retry-After"] == "1"


def test_a_rest_never_gives_more_than_the_burst() -> None:
    now = Time()
    limiter = RateLimiter(rate=100.0, burst=1, callers=10, now=now)
    limiter.take("a")
    now.seconds = 1000.0
    limiter.take("a")

    with pytest.raises(TooMany):
        limiter.take("a")


def test_only_so_many_callers_are_remembered_the_latest_ones() -> None:
    limiter = RateLimiter(rate=0.001, burst=1, callers=2, now=Time())
    for caller in ("a", "b", "c"):
        limiter.take(caller)

    limiter.take("a")  # forgotten, so that its bucket is full again
    with pytest.raises(TooMany):
        limiter.take("c")
