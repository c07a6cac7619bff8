"""When offers may be sent to Parcoursup, and when its read-back is due (domain.md §4.1, §4.2).

The dates and hours are those of a clock in Paris.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from services.kernel.french import PARIS


@dataclass(frozen=True, slots=True)
class Reglages:
    """The switch, the daily limit, the calendar of transfers and the hour of the read-back.

    `debut` and `fin` are included. `heures` runs past midnight when it ends before it begins; its
    end is excluded. What is None does not bound; without `relecture` none is read by itself.
    """

    actif: bool = True
    limite: int = 1_000
    debut: date | None = None
    fin: date | None = None
    heures: tuple[time, time] | None = None
    relecture: time | None = time(5)

    def __post_init__(self) -> None:
        """Refuse, with a French `ValueError`, what no day or hour could satisfy."""
        if self.debut is not None and self.fin is not None and self.fin < self.debut:
            raise ValueError("La fin des transferts précède leur début.")
        if self.heures is not None and self.heures[0] == self.heures[1]:
            raise ValueError("Les heures d'envoi commencent et finissent au même moment.")


def fermeture(reglages: Reglages, instant: datetime) -> str | None:
    """Return, in French, why nothing is sent at an instant; None when it is."""
    ici = instant.astimezone(PARIS)
    if not reglages.actif:
        return "L'envoi à Parcoursup est coupé par un administrateur."
    if reglages.debut is not None and ici.date() < reglages.debut:
        return f"Les transferts commencent le {_jour(reglages.debut)}."
    if reglages.fin is not None and ici.date() > reglages.fin:
        return f"Les transferts ont pris fin le {_jour(reglages.fin)}."
    if reglages.heures is not None and not _dans(reglages.heures, ici.time()):
        debut, fin = reglages.heures
        return f"Les envois se font de {debut:%H:%M} à {fin:%H:%M}."
    return None


def debut_du_jour(instant: datetime) -> datetime:
    """Return when the day in Paris of an instant began: what the daily limit counts from."""
    return datetime.combine(instant.astimezone(PARIS).date(), time(), PARIS)


def relecture_attendue(reglages: Reglages, instant: datetime, derniere: datetime | None) -> bool:
    """Tell whether the read-back of the day is still to be had; `derniere` is the last applied."""
    if reglages.relecture is None:
        return False
    ici = instant.astimezone(PARIS)
    due = datetime.combine(ici.date(), reglages.relecture, PARIS)
    if due > ici:
        due = datetime.combine(ici.date() - timedelta(days=1), reglages.relecture, PARIS)
    return derniere is None or derniere < due


def _dans(heures: tuple[time, time], heure: time) -> bool:
    debut, fin = heures
    if debut < fin:
        return debut <= heure < fin
    return heure >= debut or heure < fin


def _jour(jour: date) -> str:
    return f"{jour:%d/%m/%Y}"
