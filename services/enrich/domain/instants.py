"""The instant that a person means by a day: its end, in Paris."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from services.kernel.french import PARIS

_LE_PLUS_PETIT: Final = timedelta(milliseconds=1)
"""What separates two instants of the history, which keeps milliseconds."""


def lire_instant(texte: str) -> datetime | None:
    """Return an instant as it is, a civil day `AAAA-MM-JJ` as its last instant in Paris.

    An instant without a zone is one of Paris. None for what is neither.
    """
    try:
        if len(texte) == len("AAAA-MM-JJ"):
            return fin_du_jour(date.fromisoformat(texte))
        instant = datetime.fromisoformat(texte)
        return (instant if instant.tzinfo else instant.replace(tzinfo=PARIS)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def fin_du_jour(jour: date) -> datetime:
    """Return the last instant of a civil day in Paris, 23 to 25 hours after its first."""
    lendemain = datetime.combine(jour + timedelta(days=1), time(), PARIS)
    return lendemain.astimezone(UTC) - _LE_PLUS_PETIT
