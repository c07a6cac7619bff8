"""Sessions: which end goes with which start (domain.md §1.3, the successor's rule).

Starts and ends are parallel lists whose lengths may differ in real data.
"""

from datetime import MAXYEAR, MINYEAR, date
from typing import Final, NamedTuple

_JOURS_PAR_AN: Final = 365.25


class Session(NamedTuple):
    """One session, by civil dates `AAAA-MM-JJ`."""

    debut: str
    fin: str


def apparier(
    debuts: list[str], fins: list[str], *, duree: int | None, annee: int | None
) -> list[Session]:
    """Return the sessions of two lists of dates, ascending; none when either list is empty.

    Equal lengths pair by rank once sorted. Otherwise each date of the shorter list takes the date
    of the longer one that leaves a span closest to `duree - annee + 1` years; the earlier date wins
    a tie. An année that is not collected counts as the first, a durée as one year.
    """
    debuts, fins = sorted(debuts), sorted(fins)
    if not debuts or not fins:
        return []
    if len(debuts) == len(fins):
        return [Session(*paire) for paire in zip(debuts, fins, strict=True)]
    ans = annees_attendues(duree, annee)
    if len(debuts) < len(fins):
        return [Session(debut, _plus_proche(fins, debut, ans)) for debut in debuts]
    return sorted(Session(_plus_proche(debuts, fin, -ans), fin) for fin in fins)


def annees_attendues(duree: int | None, annee: int | None) -> int:
    """Return how many years a session lasts for those who enter in this année."""
    return (duree or 1) - (annee or 1) + 1


def annees_entre(debut: str, fin: str) -> float:
    """Return the years between two civil dates, negative when the second comes first."""
    return (date.fromisoformat(fin) - date.fromisoformat(debut)).days / _JOURS_PAR_AN


def decaler(jour: str, ans: int) -> str | None:
    """Return the same day some years later, None beyond the calendar; 29 February may be the 28."""
    lu = date.fromisoformat(jour)
    annee = lu.year + ans
    if not MINYEAR <= annee <= MAXYEAR:
        return None
    try:
        return lu.replace(year=annee).isoformat()
    except ValueError:
        return lu.replace(year=annee, day=28).isoformat()


def _plus_proche(dates: list[str], repere: str, ans: int) -> str:
    return min(dates, key=lambda jour: abs(annees_entre(repere, jour) - ans))
