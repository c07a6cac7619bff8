"""What every adapter of cases uses."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import UTC, date, datetime
from typing import Final

IDENTIFIANT: Final = "user"
MOT_DE_PASSE: Final = "password"
COUT: Final = 1_001
"""The account of the cases of HTTP: its name, its password, the cost of its hash."""


class NonPrisEnCharge(Exception):
    """The shape of a case, or the thing that it is about, is not answered; the message says it."""


def connaitre(formes: AbstractSet[str], given: Iterable[str]) -> None:
    """Refuse a case that gives what its group does not know, or nothing.

    Raises:
        NonPrisEnCharge: the keys are not those of the group.
    """
    donnees = set(given)
    if not donnees or donnees - formes:
        raise NonPrisEnCharge(f"keys {sorted(donnees)}")


def jour(instant: str) -> date:
    """Return the civil date, in UTC, of a date or instant: the bounds of the cases are in UTC."""
    lu = datetime.fromisoformat(instant)
    return (lu.astimezone(UTC) if lu.tzinfo else lu).date()


def mois_suivant(jour_: date) -> str:
    """Return the month after that of a day, `AAAA-MM`."""
    annee, mois = divmod(jour_.year * 12 + jour_.month, 12)
    return f"{annee:04d}-{mois + 1:02d}"
